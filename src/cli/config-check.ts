/**
 * `bailiff config check`: what is wrong with a configuration, each with its place, its remedy and its code.
 * Takes what `config/` read; prints; gives 4 where a jail or setting does not hold (or, strict, only may not).
 */
import type { Configuration } from '../config/configuration.js';
import type { Problem } from '../config/problem.js';
import { BailiffError, describeError } from '../lib/errors.js';
import { EXIT } from './exit.js';
import type { PrintOptions } from './options.js';
import type { Terminal } from './terminal.js';

export function configCheck(read: Configuration, strict: boolean, { terminal, json }: PrintOptions): number {
  const errors = read.problems.filter(({ severity }) => severity === 'error');
  const warnings = read.problems.filter(({ severity }) => severity === 'warning');
  const ok = errors.length === 0 && (!strict || warnings.length === 0);
  if (json) {
    terminal.json({
      ok,
      directory: read.directory,
      ignoredDirectory: read.ignoredDirectory ?? null,
      jails: read.jails.map(({ name }) => name),
      brokenJails: read.brokenJails,
      problems: read.problems.map(problemJson),
    });
  } else {
    const jails = read.jails.map(({ name }) => name).join(', ');
    terminal.line(
      `Configuration: ${read.directory}${read.from === 'policy' ? ' (the shipped mail policy)' : ''}`,
      'bold',
    );
    if (read.ignoredDirectory !== undefined)
      terminal.line(`${read.ignoredDirectory} holds jails too and is not read.`, 'yellow');
    terminal.line(`Jails: ${jails === '' ? 'none' : jails}`);
    if (read.brokenJails.length > 0) terminal.line(`Left out: ${read.brokenJails.join(', ')}`, 'red');
    printProblems(terminal, 'Errors:', errors);
    printProblems(terminal, 'Warnings:', warnings);
    if (read.problems.length === 0) terminal.line('Nothing is wrong with it.', 'green');
  }
  return ok ? EXIT.ok : EXIT.configuration;
}

/** `file:line: [section] option: message. remedy (code)` */
export function problemText(problem: Problem): string {
  const { code, message, remedy, file, line, section, option } = problem;
  return describeError(new BailiffError(code, message, { where: { file, line, section, option }, remedy }));
}

function printProblems(terminal: Terminal, title: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  terminal.line(title, title === 'Errors:' ? 'red' : 'yellow');
  for (const problem of problems) terminal.line(problemText(problem));
}

function problemJson(problem: Problem): object {
  const { severity, code, message } = problem;
  const { file = null, line = null, section = null, option = null, remedy = null } = problem;
  return { severity, code, file, line, section, option, message, remedy };
}
