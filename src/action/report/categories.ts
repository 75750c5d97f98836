/**
 * AbuseIPDB's categories (abuseipdb.com/categories): those that are configured, as far as they fit what was seen.
 * Takes the configured text, the service and the kinds of evidence; gives numbers. What contradicts the service is left
 * out and told once; where nothing is left, the evidence decides.
 */
import { BailiffError } from '../../lib/errors.js';
import { type EvidenceKind, type Service, serviceOf } from './evidence-kind.js';

const SSH = 22;
const BRUTE_FORCE = 18;
/** Categories that speak of certain services alone: 22 is SSH, 5 FTP, 21 web applications, … */
const ONLY_FOR: ReadonlyMap<number, readonly Service[]> = new Map([
  [1, []], [2, []], [3, []], [5, []], [6, []], [8, []],
  [7, ['smtp', 'submission', 'mail-content']],
  [11, ['smtp', 'submission', 'mail-content']],
  [17, ['smtp', 'submission', 'mail-content']],
  [10, ['web']], [12, ['web']], [16, ['web']], [19, ['web']], [21, ['web']],
  [SSH, ['ssh']],
]); // prettier-ignore
const LAST = 23;
/** AbuseIPDB takes no more in one report. */
const MOST = 30;

const BY_KIND: Readonly<Record<EvidenceKind, readonly number[]>> = {
  login: [BRUTE_FORCE],
  relay: [15],
  recipient: [15],
  probe: [14, 15],
  request: [15],
  repeat: [15],
  attempt: [15],
  spam: [11],
  listed: [],
  packet: [14],
};

export interface ConfiguredCategories {
  /** Those that can hold for the service. */
  readonly fitting: readonly number[];
  /** What is left out, as written. */
  readonly contradicting: readonly string[];
}

/** What is configured, such as `18,22`, held against the service. */
export function configuredCategories(text: string, service: Service): ConfiguredCategories {
  const written = text.split(/[\s,]+/).filter((word) => word !== '');
  const fits = (word: string): boolean => {
    const number = Number(word);
    if (!/^\d{1,2}$/.test(word) || number < 1 || number > LAST) return false;
    // Of a service that we do not know anything may be true.
    return service === 'other' || service === 'bans' || (ONLY_FOR.get(number)?.includes(service) ?? true);
  };
  return {
    fitting: [...new Set(written.filter(fits).map(Number))].slice(0, MOST),
    contradicting: written.filter((word) => !fits(word)),
  };
}

/** What to tell of configured categories that contradict the service of a filter; undefined = none does. */
export function contradiction(text: string, filter: string): BailiffError | undefined {
  const { contradicting } = configuredCategories(text, serviceOf(filter));
  if (contradicting.length === 0) return undefined;
  return new BailiffError(
    'action.report-category',
    `\`abuseipdb_category\` ${contradicting.join(', ')} is not of its service: left out of reports.`,
    { remedy: 'See https://www.abuseipdb.com/categories; without one that fits, the evidence decides.' },
  );
}

/** What evidence of these kinds shows by itself. */
export function evidentCategories(service: Service, kinds: Iterable<EvidenceKind>): readonly number[] {
  const found = [...kinds].flatMap((kind) => BY_KIND[kind]);
  const ofService = service === 'ssh' ? [SSH] : service === 'web' ? [21] : [];
  return [...new Set([...found, ...ofService])].sort((one, other) => one - other);
}

/** The categories of one report. */
export function categoriesOf(
  configured: string,
  service: Service,
  kinds: ReadonlySet<EvidenceKind>,
): readonly number[] {
  const isGuessing = [...kinds].some((kind) => kind === 'login' || kind === 'repeat' || kind === 'attempt');
  const { fitting } = configuredCategories(configured, service);
  const holding = fitting.filter((category) => category !== BRUTE_FORCE || isGuessing);
  return holding.length > 0
    ? holding.toSorted((one, other) => one - other)
    : evidentCategories(service, kinds);
}
