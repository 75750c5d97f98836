/** Jails for tests: real options with the few values that a test cares about. */
import type { FailureOptions } from '../../src/failure/options.js';
import type { JailSurroundings } from '../../src/jail/jail.js';
import type { JailOptions } from '../../src/jail/options.js';

export const surroundings: JailSurroundings = {
  ownAddresses: () => new Set(['192.0.2.10']),
  namedAddresses: () => new Set<string>(),
  protectedIn: () => undefined,
};

export function jailOptions(
  name: string,
  failure: Partial<FailureOptions>,
  rest: Partial<JailOptions> = {},
): JailOptions {
  return {
    name,
    watch: {
      backend: 'journal',
      journalMatch: [],
      journalNamespace: undefined,
      files: [],
      logEncoding: 'auto',
    },
    filter: {
      name,
      prefregex: undefined,
      failregex: ['^\\S+ test: bad <F-USER>\\S+</F-USER> from <ADDR>$'],
      ignoreregex: [],
      successregex: ['^\\S+ test: good <F-USER>\\S+</F-USER> from <ADDR>$'],
      datepattern: [],
      maxlines: 1,
      usedns: 'no',
      logTimezoneSeconds: undefined,
      logtype: 'journal',
    },
    otherFilter: undefined,
    failure: {
      maxretry: 3,
      findtimeSeconds: 600,
      ignoreip: [],
      ignoreself: true,
      maxmatches: 3,
      sameattempt: true,
      ipv6prefix: 64,
      mostCounted: 50_000,
      knownclientsDays: 30,
      ...failure,
    },
    ban: { bantimeSeconds: 600, ipv6prefix: 64 },
    actions: [],
    countsBans: false,
    ...rest,
  };
}
