/**
 * The options of the command line as commander hands them over: the parse boundary for them.
 */
import type { PrintOptions } from './options.js';
import { Terminal } from './terminal.js';

/** Runs a command and keeps its exit status. */
export type Perform = (command: () => Promise<number>) => Promise<void>;

/** Values of options; each command sees those that it declares. */
export interface Words {
  readonly all?: true;
  readonly as?: string;
  readonly asFail2ban?: true;
  readonly config?: string;
  readonly db?: string;
  readonly dryRun?: true;
  readonly enforce?: string;
  readonly for?: string;
  readonly http?: string;
  readonly jail?: string;
  readonly journal?: string;
  readonly journalExport?: string;
  readonly json?: true;
  readonly limit?: string;
  readonly line?: readonly string[];
  readonly lines?: true;
  readonly log?: readonly string[];
  readonly replace?: true;
  readonly since?: string;
  readonly socket?: string;
  readonly state?: string;
  readonly strict?: true;
  readonly to?: string;
  readonly until?: string;
}

export function printOptions(words: Words): PrintOptions {
  return { terminal: new Terminal(), json: words.json === true };
}
