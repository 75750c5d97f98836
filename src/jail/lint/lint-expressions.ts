/**
 * Looks at expressions in a worker that is stopped when it does not come back: that expression has run away.
 * Takes them as plain data; gives what was found of each. One expression stops no other.
 */
import { Worker } from 'node:worker_threads';
import { codeUrl } from '../../lib/code-url.js';
import type { ExpressionFindings, FromLint, LintStart } from './lint-messages.js';
import type { LintSubject } from './linted-expression.js';
import type { RunawayLine } from './runaway-lines.js';

export interface LintedFindings extends ExpressionFindings {
  /** A line that it does not come back from. */
  readonly runaway: RunawayLine | undefined;
}

/** Far more than a line takes on a loaded machine; what runs away takes for ever. */
const LINE_MS = 2000;
const NOTHING: ExpressionFindings = { choice: undefined, deadGroups: [], dead: false };

/** One result for each subject; every subject has to compile. */
export async function lintExpressions(
  subjects: readonly LintSubject[],
  lineMs = LINE_MS,
): Promise<readonly LintedFindings[]> {
  const found: LintedFindings[] = subjects.map(() => ({ ...NOTHING, runaway: undefined }));
  let from = 0;
  while (from < subjects.length) {
    const stuck = await runWorker({ subjects, from }, lineMs, (index, findings) => {
      found[index] = { ...findings, runaway: undefined };
    });
    if (stuck === undefined) break;
    const known = found[stuck.index];
    if (known !== undefined) found[stuck.index] = { ...known, runaway: stuck.line };
    from = stuck.index + 1;
  }
  return found;
}

type Stuck = { readonly index: number; readonly line: RunawayLine | undefined };

/** Gives where the worker stuck; undefined = it came to the end. */
function runWorker(
  start: LintStart,
  lineMs: number,
  take: (index: number, findings: ExpressionFindings) => void,
): Promise<Stuck | undefined> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(codeUrl('jail/lint/lint-worker.js'), { workerData: start });
    let at: Stuck = { index: start.from, line: undefined };
    let timer: NodeJS.Timeout | undefined;
    const end = (stuck: Stuck | undefined): void => {
      clearTimeout(timer);
      worker.terminate().then(() => resolve(stuck), reject);
    };
    worker.on('message', (message: FromLint) => {
      clearTimeout(timer);
      if (message.kind === 'ended') return end(undefined);
      if (message.kind === 'found') take(message.index, message.findings);
      else at = { index: message.index, line: message.line };
      timer = setTimeout(() => end(at), lineMs);
    });
    worker.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
