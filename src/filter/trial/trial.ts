/**
 * Tries a filter on lines as Fail2Ban 1.1 does: every expression on every line, or the first that matches.
 * Takes lines in order; gives what each expression found, and counts which ignoreregex matched.
 * For people who compare: it is written to agree with Fail2Ban, not to be fast, and bounds nothing.
 */
import { formatNetwork, parseAddress, parseNetwork } from '../../lib/address.js';
import { BailiffError } from '../../lib/errors.js';
import { IDENTITY_GROUPS } from '../groups.js';
import { TrialConnections, isSet, linesOf } from './trial-connections.js';
import { TrialExpression } from './trial-expression.js';
import { type Fields, type Finding, type StampedLine, type TrialTime, strippedText } from './trial-line.js';

export interface TrialOptions {
  readonly prefregex: string | undefined;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly maxlines: number;
  readonly usedns: 'yes' | 'warn' | 'no' | 'raw';
  /** Every expression is tried, whatever matched before it. */
  readonly all: boolean;
  /** Failures that wait for their address are given as well. */
  readonly pending: boolean;
}

export class Trial {
  readonly prefregex: TrialExpression | undefined;
  readonly #failregex: readonly TrialExpression[];
  readonly #ignoreregex: readonly TrialExpression[];
  readonly #options: TrialOptions;
  readonly #connections = new TrialConnections();
  #buffer: readonly StampedLine[] = [];
  /** Which ignoreregex matched the last line, once for each time. */
  ignoredBy: number[] = [];

  /** @throws BailiffError `filter.regex`, or `filter.no-address-group` with the expression as its message. */
  constructor(options: TrialOptions) {
    const hostNames = options.usedns !== 'no';
    // Only failregex may look at several lines as such.
    const compile =
      (multiline: boolean) =>
      (written: string): TrialExpression =>
        new TrialExpression(written, { hostNames, multiline });
    this.#options = options;
    this.prefregex = options.prefregex === undefined ? undefined : compile(false)(options.prefregex);
    this.#failregex = options.failregex.map(compile(options.maxlines > 1));
    this.#ignoreregex = options.ignoreregex.map(compile(false));
    const given = new Set(this.prefregex?.names.keys());
    for (const { names, stated } of this.#failregex) {
      if (IDENTITY_GROUPS.some((name) => names.has(name) || given.has(name))) continue;
      throw new BailiffError('filter.no-address-group', stated);
    }
  }

  /** The lines that wait for more: those of the buffer. */
  get buffer(): readonly StampedLine[] {
    return this.#buffer;
  }

  /** What is found in a line. `time`: undefined = it has no stamp. */
  try(line: StampedLine, time: TrialTime | undefined): readonly Finding[] {
    const { maxlines } = this.#options;
    this.ignoredBy = [];
    this.#buffer = maxlines > 1 ? [...this.#buffer, line].slice(-maxlines) : [line];
    const whole = this.#buffer;
    const text = textOf(whole);
    if (this.#ignoreregex.length > 0 && this.#ignoreregex.length < this.#failregex.length - 2) {
      if (this.#ignores(text, whole, undefined)) return [];
    }
    const prefix: Fields = new Map();
    let body: string | undefined = text;
    if (this.prefregex !== undefined) {
      if (!this.prefregex.search(text, whole)) return [];
      for (const [name, value] of this.prefregex.groups()) prefix.set(name, value);
      const content = prefix.get('content');
      prefix.delete('content');
      if (typeof content === 'string' && content !== '') {
        this.#buffer = [['', '', content]];
        body = undefined;
      }
    }
    return this.#tryAll(body, whole, prefix, time);
  }

  #tryAll(
    start: string | undefined,
    whole: readonly StampedLine[],
    prefix: Fields,
    time: TrialTime | undefined,
  ): readonly Finding[] {
    const { all, maxlines } = this.#options;
    const found: Finding[] = [];
    let body = start;
    for (const [expression, failregex] of this.#failregex.entries()) {
      body ??= textOf(this.#buffer);
      if (!failregex.search(body, whole)) continue;
      if (this.#ignoreregex.length > 0 && this.#ignores(body, whole, failregex)) {
        body = undefined;
        if (!all) break;
        continue;
      }
      if (!all || maxlines > 1) {
        this.#buffer = failregex.unmatched;
        body = undefined;
      }
      const fields = this.#merged(failregex, prefix);
      if (isSet(fields.get('mlfid')) && isSet(fields.get('nofail')) && !all) return found;
      const who = this.#identify(fields);
      if (who === 'nobody') continue;
      if (who === 'pending') {
        fields.set('mlfpending', 1);
        if (!all && !this.#options.pending) return found;
      }
      const kept = all && isSet(fields.get('mlfid')) ? new Map(fields) : fields;
      const { id, name } = who === 'pending' ? { id: undefined, name: undefined } : who;
      found.push({ expression, id, name, time, fields: kept });
      if (!all) break;
    }
    return found;
  }

  #ignores(text: string, whole: readonly StampedLine[], failregex: TrialExpression | undefined): boolean {
    const { all, maxlines } = this.#options;
    const ofMatch = failregex !== undefined && maxlines > 1;
    const lines = ofMatch ? failregex.matched : whole;
    const body = ofMatch ? textOf(lines) : text;
    let isIgnored = false;
    for (const [index, ignoreregex] of this.#ignoreregex.entries()) {
      if (!ignoreregex.search(body, lines)) continue;
      isIgnored = true;
      this.ignoredBy.push(index);
      if (failregex !== undefined && (!all || maxlines > 1)) this.#buffer = failregex.unmatched;
      if (!all) break;
    }
    return isIgnored;
  }

  #merged(failregex: TrialExpression, prefix: Fields): Fields {
    const own = failregex.groups();
    const fields: Fields = new Map([...prefix, ...own]);
    const connection = fields.get('mlfid');
    if (typeof connection === 'string') return this.#connections.merge(connection, fields, failregex.matched);
    fields.set('matches', [...linesOf(fields.get('matches')), ...failregex.matched]);
    return fields;
  }

  /** `pending`: the connection's address is not known yet; `nobody`: the expression's id took no part. */
  #identify(
    fields: Fields,
  ): { readonly id: string | undefined; readonly name: string | undefined } | 'pending' | 'nobody' {
    const text = (name: string): string | undefined => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : undefined;
    };
    const fid = text('fid');
    const address = text('ip4') ?? text('ip6');
    const dns = text('dns');
    const written = address ?? dns ?? fid;
    if (written === undefined) return text('mlfid') === undefined ? 'nobody' : 'pending';
    if (address === undefined && dns !== undefined && this.#options.usedns !== 'raw')
      return parseAddress(dns) === undefined
        ? { id: undefined, name: dns }
        : { id: canonical(dns), name: undefined };
    const spelled = addressOf(written, text('cidr'));
    if (fid === undefined || fid === written) return { id: spelled, name: undefined };
    fields.set('ip', spelled);
    return { id: canonical(fid), name: undefined };
  }
}

function textOf(lines: readonly StampedLine[]): string {
  return `${lines.map(strippedText).join('\n')}\n`;
}

function addressOf(written: string, cidr: string | undefined): string {
  if (cidr === undefined) return canonical(written);
  const network = parseNetwork(`${written}/${cidr}`);
  return network === undefined ? canonical(written) : formatNetwork(network);
}

function canonical(written: string): string {
  const bare = /^\[(.*)\]$/.exec(written)?.[1] ?? written;
  const network = parseNetwork(bare);
  return network === undefined ? written : formatNetwork(network);
}
