/**
 * One command of fail2ban-client after the other: what is asked of the daemon, and how its answers are printed.
 * Takes words; prints; gives whether it went well. `start` and `restart` are done here, all else by the daemon.
 */
import { existsSync } from 'node:fs';
import { request } from '../control/client.js';
import type { Fail2banResult } from '../control/fail2ban-answer.js';
import { BailiffError, messageOf } from '../lib/errors.js';
import { reprOf } from '../lib/python-value.js';
import { batches } from './batches.js';
import type { ClientOutput } from './client-output.js';
import { ShapeError, shapeOf } from './client-shapes.js';
import { type StartOptions, answers, startDaemon } from './client-start.js';

const RELOAD_OPTIONS = new Set(['--restart', '--unban', '--if-exists']);
/** Words that surely fit into one request. */
const MANY = 500;
/** How long an old daemon may take to end. */
const END_MS = 30_000;

export interface SessionOptions extends StartOptions {
  readonly output: ClientOutput;
  readonly isInteractive: boolean;
}

export class ClientSession {
  readonly #options: SessionOptions;
  readonly #output: ClientOutput;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#output = options.output;
  }

  async perform(words: readonly string[]): Promise<boolean> {
    const [verb, first] = words;
    if (verb === 'start' && words.length === 1) return this.#start();
    if (verb === 'restart') {
      if (words.length > 1) return this.#reload(['--restart', ...words.slice(1)]);
      return this.#restart();
    }
    if (verb === 'reload') return this.#reload(words.slice(1));
    if (verb === 'ping' && first !== undefined && !Number.isFinite(Number(first))) {
      this.#output.log('ERROR', `could not convert string to float: ${reprOf(first)}`);
      return false;
    }
    return this.#ask(words);
  }

  async #start(): Promise<boolean> {
    if (await answers(this.#options.socketPath)) {
      this.#output.log('ERROR', 'Server already running');
      return false;
    }
    const why = await startDaemon(this.#options);
    if (why !== undefined) {
      this.#output.log('ERROR', why);
      return false;
    }
    return this.#ask(['server-status']);
  }

  async #restart(): Promise<boolean> {
    this.#note('stop');
    await this.#ask(['stop']);
    const untilMs = Date.now() + END_MS;
    while (await answers(this.#options.socketPath)) {
      if (Date.now() < untilMs) continue;
      this.#output.log('ERROR', 'Could not stop server');
      return false;
    }
    this.#note('start');
    return this.#start();
  }

  async #reload(words: readonly string[]): Promise<boolean> {
    const options = words.findIndex((word) => !RELOAD_OPTIONS.has(word));
    const named = options < 0 ? [] : words.slice(options);
    if (named.length > 1) {
      this.#output.log('ERROR', `Unexpected argument(s) for reload: ${reprOf(named)}`);
      return false;
    }
    if (!(await answers(this.#options.socketPath))) {
      this.#output.log('ERROR', 'Could not find server');
      return false;
    }
    const result = await this.#send(['reload', ...words]);
    if (result === undefined) return false;
    if (result.outcome.kind === 'value') this.#note('reload');
    return this.#tell(['reload'], result);
  }

  async #ask(words: readonly string[]): Promise<boolean> {
    const result = await this.#sendInParts(words);
    return result !== undefined && this.#tell(words, result);
  }

  /** A long list of addresses goes in several requests, whose counts add up. */
  async #sendInParts(words: readonly string[]): Promise<Fail2banResult | undefined> {
    const length = headOf(words);
    if (length === undefined) return this.#send(words);
    let count = 0;
    let last: Fail2banResult | undefined;
    for (const batch of batches(words.slice(length))) {
      last = await this.#send([...words.slice(0, length), ...batch]);
      if (last?.outcome.kind !== 'value' || typeof last.outcome.value !== 'number') return last;
      count += last.outcome.value;
    }
    return last && { ...last, outcome: { kind: 'value', value: count } };
  }

  async #send(words: readonly string[]): Promise<Fail2banResult | undefined> {
    try {
      return await request(this.#options.socketPath, { verb: 'fail2ban', words });
    } catch (thrown) {
      if (thrown instanceof BailiffError && thrown.code === 'control.denied') {
        this.#output.log('ERROR', `NOK: ${reprOf({ tuple: [thrown.message] })}`);
        this.#output.print(thrown.message);
      } else this.#output.log('ERROR', this.#trouble(thrown, words[0] === 'ping'));
      return undefined;
    }
  }

  #tell(words: readonly string[], { outcome, log }: Fail2banResult): boolean {
    for (const { level, text } of log) this.#output.log(level, text);
    if (outcome.kind === 'refused') {
      if (outcome.told !== '') this.#output.print(outcome.told);
      return false;
    }
    try {
      this.#output.print(shapeOf(words, outcome.value));
    } catch (thrown) {
      if (!(thrown instanceof ShapeError)) throw thrown;
      const component = 'fail2ban.beautifier';
      const what = `Beautify ${reprOf(outcome.value)} with ${reprOf(words)} failed`;
      this.#output.log('WARNING', 'Beautifier error. Please report the error', component);
      this.#output.log('ERROR', what, component);
      this.#output.print(thrown.text);
    }
    return true;
  }

  /** Why the daemon was not reached, in Fail2Ban's words. */
  #trouble(thrown: unknown, isPing: boolean): string {
    const { socketPath } = this.#options;
    if (!(thrown instanceof BailiffError)) return messageOf(thrown);
    if (thrown.code === 'control.not-allowed')
      return `Permission denied to socket: ${socketPath}, (you must be root)`;
    if (thrown.code !== 'control.no-daemon') return messageOf(thrown);
    if (!existsSync(socketPath)) return `Failed to access socket path: ${socketPath}. Is fail2ban running?`;
    const refused = '[Errno 111] Connection refused';
    return isPing ? refused : `[${refused}] Unable to contact server. Is it running?`;
  }

  #note(what: string): void {
    if (this.#options.isInteractive) this.#output.print(`  ## ${what} ... `);
  }
}

/** How many words stand before the addresses, where there are so many that they need several requests. */
function headOf([verb, , setting, option, ...rest]: readonly string[]): number | undefined {
  if (rest.length < MANY) return undefined;
  if (verb === 'unban') return 1;
  if (verb !== 'set' || (setting !== 'banip' && setting !== 'unbanip')) return undefined;
  return option === '--report-absent' ? 4 : 3;
}
