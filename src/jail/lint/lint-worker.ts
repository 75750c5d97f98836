/**
 * The lint worker's entry: looks at one expression after another and tries hostile lines on it.
 * Takes its start as worker data; says what it is about to do before it does it, since it may not come back from it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { deadParts } from '../../lib/python-regex/dead-parts.js';
import { RegexSyntaxError } from '../../lib/python-regex/regex-syntax-error.js';
import { addressChoice } from './address-choice.js';
import type { ExpressionFindings, FromLint, LintStart } from './lint-messages.js';
import { LintedExpression, type LintSubject } from './linted-expression.js';
import { runawayLines, runawayText } from './runaway-lines.js';

const port = parentPort;
if (port === null) throw new Error('lint-worker.js is started as a worker, not as a program');
const say = (message: FromLint): void => port.postMessage(message);

// A parse boundary: the main thread gave exactly this.
const { subjects, from } = workerData as LintStart;
for (const [index, subject] of subjects.entries()) {
  if (index < from) continue;
  say({ kind: 'trying', index, line: undefined });
  const expression = compiled(subject);
  if (expression === undefined) continue;
  say({ kind: 'found', index, findings: findingsOf(expression) });
  for (const line of runawayLines(expression.tree.root)) {
    say({ kind: 'trying', index, line });
    expression.regex.exec(runawayText(line));
  }
}
say({ kind: 'ended' });

/** undefined: it does not compile, which whoever read the configuration has told. */
function compiled(subject: LintSubject): LintedExpression | undefined {
  try {
    return new LintedExpression(subject);
  } catch (error) {
    if (error instanceof RegexSyntaxError) return undefined;
    throw error;
  }
}

function findingsOf(expression: LintedExpression): ExpressionFindings {
  const { groups, all } = deadParts(expression.tree.root);
  const named = [...expression.tree.names].filter(([, index]) => groups.has(index)).map(([name]) => name);
  return { choice: all ? undefined : addressChoice(expression), deadGroups: named, dead: all };
}
