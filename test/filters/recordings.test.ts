/**
 * Over recorded hosts under attack the shipped filters charge each client with what it did, and nobody else.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../src/lib/address.js';
import type { Match } from '../../src/filter/match.js';
import type { Line } from '../../src/source/lines.js';
import { type Act, journal, logLines, truth } from './recordings.js';
import type { LogType } from './samples.js';
import { engine } from './shipped.js';

const HOSTS = ['pam', 'virtual'] as const;

/** Which acts a filter should know of, and from which log. */
const GUARDED: readonly {
  readonly filter: string;
  readonly services: readonly string[];
  readonly log: 'journal' | 'error.log' | 'rspamd.log';
}[] = [
  { filter: 'sshd', services: ['ssh'], log: 'journal' },
  { filter: 'postfix', services: ['relay'], log: 'journal' },
  { filter: 'postfix-sasl', services: ['smtp', 'smtp_login', 'submission'], log: 'journal' },
  { filter: 'dovecot', services: ['imap', 'pop3'], log: 'journal' },
  { filter: 'apache-auth', services: ['web'], log: 'error.log' },
  { filter: 'rspamd', services: ['spam'], log: 'journal' },
  { filter: 'rspamd', services: ['spam'], log: 'rspamd.log' },
];
const REFUSED = new Set(['refused', '550', '554', 'rejected']);
const PASSED = new Set(['ok']);

for (const host of HOSTS) {
  const acts = truth(host);
  const entries = journal(host);

  for (const { filter, services, log } of GUARDED) {
    const lines: readonly Line[] = log === 'journal' ? entries : logLines(host, log);
    const logtype: LogType = log === 'journal' ? 'journal' : 'file';

    test(`${filter} charges the clients of ${host} with each refused act in the ${log}, and nobody else`, () => {
      const matches = run(filter, 'normal', logtype, lines);
      const charged = attemptsByAddress(matches.filter(({ kind }) => kind === 'failure'));
      const knows = (act: Act): boolean => services.includes(act.service) && reachedAuth(act);
      const refused = acts.filter((act) => REFUSED.has(act.outcome) && knows(act));
      const differing = differences(charged, countBySource(refused));
      assert.deepEqual(differing, []);
    });

    test(`${filter} charges no client of ${host} that did nothing in the ${log}, in any mode`, () => {
      const clients = new Set(acts.map(({ src }) => src));
      for (const mode of ['normal', 'aggressive']) {
        for (const match of run(filter, mode, logtype, lines)) {
          assert.ok(match.address !== undefined && clients.has(match.address), `${mode}: ${match.text}`);
        }
      }
      // Probes are no sign-ins.
      const probes = new Set(
        acts.filter(({ kind }) => kind === 'probe' || kind === 'legit').map(({ src }) => src),
      );
      for (const match of run(filter, 'normal', logtype, lines)) {
        if (match.kind === 'failure') assert.ok(!probes.has(match.address ?? ''), match.text);
      }
    });
  }

  test(`a good login at ${host} is known as one, and only that`, () => {
    for (const [filter, services] of [
      ['sshd', ['ssh']],
      ['dovecot', ['imap', 'pop3']],
      ['postfix-sasl', ['submission']],
    ] as const) {
      const passed = countBySource(
        acts.filter((act) => services.some((service) => service === act.service) && PASSED.has(act.outcome)),
      );
      const known = run(filter, 'normal', 'journal', entries).filter(({ kind }) => kind === 'success');
      assert.deepEqual(
        new Set(known.map(({ address }) => address)),
        new Set(passed.keys()),
        `${filter} at ${host}`,
      );
    }
  });
}

/** The clients sent names unquoted; with a blank in it IMAP's LOGIN is no command at all, hence "no auth attempts". */
function reachedAuth(act: Act): boolean {
  return act.service !== 'imap' || !/\s/.test(act.user);
}

function run(filter: string, mode: string, logtype: LogType, lines: readonly Line[]): readonly Match[] {
  const out: Match[] = [];
  const heard = engine(filter, mode, logtype);
  for (const line of lines) heard.hear(line, out);
  return out;
}

/** Per address the attempts: of each connection, or of each user without one, the most that one kind of line claims. */
function attemptsByAddress(matches: readonly Match[]): ReadonlyMap<string, number> {
  const kinds = new Map<string, Map<number, number>>();
  for (const { address = '', user = '', connection, expression, attempts } of matches) {
    const key = `${address} ${connection ?? `user ${user}`}`;
    const counts = kinds.get(key) ?? new Map<number, number>();
    kinds.set(key, counts.set(expression, (counts.get(expression) ?? 0) + attempts));
  }
  const sums = new Map<string, number>();
  for (const [key, counts] of kinds) {
    const address = key.slice(0, key.indexOf(' '));
    sums.set(address, (sums.get(address) ?? 0) + Math.max(...counts.values()));
  }
  return sums;
}

function differences(
  charged: ReadonlyMap<string, number>,
  done: ReadonlyMap<string, number>,
): readonly string[] {
  const all = [...new Set([...charged.keys(), ...done.keys()])];
  const differing = all.filter((address) => charged.get(address) !== done.get(address));
  return differing.map((address) => `${address}: charged ${charged.get(address)}, did ${done.get(address)}`);
}

function countBySource(acts: readonly Act[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { src } of acts) {
    const address = parseAddress(src) ?? src;
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return counts;
}
