/**
 * AbuseIPDB by its documentation (docs.abuseipdb.com): the keys, the day's limits, the 15 minutes, the answers.
 * Takes requests; gives status, headers and body, and keeps what it accepted. Knows no network and no faults.
 */
import type { Clock } from '../../src/lib/clock.js';
import { parseAddress } from '../../src/lib/address.js';

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

export interface Accepted {
  readonly ip: string;
  readonly atMs: number;
  readonly categories: string;
  readonly comment: string;
  readonly timestamp: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class AbuseIpdbRules {
  readonly accepted: Accepted[] = [];
  /** Requests beyond the day's limit. */
  beyond = 0;
  requests = 0;
  limits: Record<string, number> = { report: 1000, 'bulk-report': 5, check: 1000 };
  /** Addresses that it takes for invalid. */
  invalid: (ip: string) => boolean = () => false;
  readonly #clock: Clock;
  key: string;
  readonly #lastMs = new Map<string, number>();
  readonly #used = new Map<string, number>();

  constructor(clock: Clock, key: string) {
    this.#clock = clock;
    this.key = key;
  }

  answer(method: string, path: string, headers: Readonly<Record<string, unknown>>, body: string): Reply {
    this.requests += 1;
    const endpoint = /\/api\/v2\/([a-z-]+)/.exec(path)?.[1] ?? '';
    if (headers['key'] !== this.key)
      return errors(401, 'Authentication failed. Your API key is either missing, incorrect, or revoked.');
    const limit = this.limits[endpoint];
    if (limit === undefined || method !== (endpoint === 'check' ? 'GET' : 'POST'))
      return errors(404, 'Not found');
    const day = `${endpoint} ${Math.floor(this.#clock.now() / DAY_MS)}`;
    const used = (this.#used.get(day) ?? 0) + 1;
    if (used > limit) return this.#usedUp(limit, headers);
    this.#used.set(day, used);
    const left = { 'X-RateLimit-Limit': String(limit), 'X-RateLimit-Remaining': String(limit - used) };
    const reply = this.#take(endpoint, headers, body);
    return { ...reply, headers: { ...left, ...reply.headers } };
  }

  #take(endpoint: string, headers: Readonly<Record<string, unknown>>, body: string): Reply {
    if (endpoint === 'check') return data({ ipAddress: '127.0.0.1', abuseConfidenceScore: 0 });
    if (endpoint === 'report') return this.#report(new URLSearchParams(body));
    return this.#bulk(typeof headers['content-type'] === 'string' ? headers['content-type'] : '', body);
  }

  #report(form: URLSearchParams): Reply {
    const ip = form.get('ip') ?? '';
    const categories = form.get('categories') ?? '';
    if (parseAddress(ip) === undefined || this.invalid(ip))
      return errors(
        422,
        'The ip address must be a valid IPv4 or IPv6 address (e.g. 8.8.8.8 or 2001:4860:4860::8888).',
        'ip',
      );
    if (!isCategories(categories)) return errors(422, 'The categories field is invalid.', 'categories');
    if (this.#isTooSoon(ip))
      return errors(429, `You can only report the same IP address (\`${ip}\`) once in 15 minutes.`, 'ip');
    this.#accept(ip, categories, form.get('comment') ?? '', form.get('timestamp') ?? '');
    return data({ ipAddress: ip, abuseConfidenceScore: 52 });
  }

  #bulk(type: string, body: string): Reply {
    const boundary = /boundary=(\S+)/.exec(type)?.[1];
    const part = boundary === undefined ? undefined : body.split(`--${boundary}`)[1];
    const csv = part?.slice(part.indexOf('\r\n\r\n') + 4).trim();
    const [header, ...rows] = csv?.split('\n') ?? [];
    if (!/name="csv"/.test(part ?? '') || header !== 'IP,Categories,ReportDate,Comment')
      return errors(422, 'The csv file is invalid.', 'csv');
    if (rows.length > 9_999 || (csv ?? '').length >= 2_000_000)
      return errors(422, 'The csv may not be greater than 2 MB or 10,000 lines.', 'csv');
    const invalidReports: { error: string; input: string; rowNumber: number }[] = [];
    let savedReports = 0;
    rows.forEach((row, at) => {
      const [, ip = '', categories = '', date = '', comment = ''] =
        /^([^,]*),"([^"]*)",([^,]*),"((?:[^"\\]|\\.)*)"$/.exec(row) ?? [];
      const refuse = (error: string, input: string): void =>
        void invalidReports.push({ error, input, rowNumber: at + 2 });
      if (parseAddress(ip) === undefined || this.invalid(ip)) refuse('Invalid IP', ip);
      else if (!isCategories(categories)) refuse('Invalid Category', categories);
      else if (this.#isTooSoon(ip)) refuse('Duplicate IP', ip);
      else {
        this.#accept(ip, categories, comment, date);
        savedReports += 1;
      }
    });
    return data({ savedReports, invalidReports });
  }

  #isTooSoon(ip: string): boolean {
    return this.#clock.now() - (this.#lastMs.get(ip) ?? Number.NEGATIVE_INFINITY) < QUARTER_MS;
  }

  #accept(ip: string, categories: string, comment: string, timestamp: string): void {
    this.#lastMs.set(ip, this.#clock.now());
    this.accepted.push({ ip, atMs: this.#clock.now(), categories, comment, timestamp });
  }

  #usedUp(limit: number, headers: Readonly<Record<string, unknown>>): Reply {
    this.beyond += 1;
    const nowMs = this.#clock.now();
    const resetMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
    const told = {
      'Retry-After': String(Math.ceil((resetMs - nowMs) / 1000)),
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': String(resetMs / 1000),
    };
    const detail = `Daily rate limit of ${limit} requests exceeded for this endpoint. See headers for additional details.`;
    // Without Accept it answers a page for people.
    if (headers['accept'] !== 'application/json')
      return { status: 429, headers: told, body: '<!DOCTYPE html><title>Too Many Requests</title>' };
    const reply = errors(429, detail);
    return { ...reply, headers: told };
  }
}

function isCategories(text: string): boolean {
  const numbers = text.split(',').map(Number);
  return numbers.length <= 30 && numbers.every((number) => number >= 1 && number <= 23);
}

function data(value: object): Reply {
  return { status: 200, headers: {}, body: JSON.stringify({ data: value }) };
}

function errors(status: number, detail: string, parameter?: string): Reply {
  const source = parameter === undefined ? {} : { source: { parameter } };
  return { status, headers: {}, body: JSON.stringify({ errors: [{ detail, status, ...source }] }) };
}
