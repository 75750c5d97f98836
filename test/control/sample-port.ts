/**
 * A ControlPort over a small ban list in memory, for the tests of the control room and of the commands.
 * Its jails and texts are fixed; bans and unbans are real. It does not read logs.
 */
import type { Explanation, UnbanResult } from '../../src/control/answers.js';
import { type Answer, type ControlPort, unknownJail } from '../../src/control/port.js';
import type { Fail2banResult } from '../../src/control/fail2ban-answer.js';
import type {
  ReportEntry,
  ReportsAnswer,
  ReportsFlushed,
  ReportsForgotten,
  ReportsPreview,
} from '../../src/control/outgoing-answers.js';
import type {
  BanReport,
  JailOverview,
  JailStatus,
  ReloadReport,
  StatusReport,
} from '../../src/control/reports.js';

export const STARTED_MS = Date.UTC(2026, 10, 22, 12, 0, 0);

/** What an attacker may choose as a user name: clear screen, title, right-to-left override. */
export const HOSTILE_USER = 'ro\u001b[2Jot\u202egnp.\u009bx';

const MAIL = 'mail to root@localhost from root@mx';

export class SamplePort implements ControlPort {
  readonly #banned = new Map<string, Map<string, BanReport>>([
    ['sshd', new Map([['192.0.2.1', ban('192.0.2.1', 3_600_000)]])],
    ['dovecot', new Map()],
  ]);
  stopped = false;

  version() {
    return { version: '0.1.0' };
  }

  status(): StatusReport {
    return {
      version: '0.1.0',
      pid: process.pid,
      startedAtMs: STARTED_MS,
      mode: 'observing',
      configuration: {
        directory: '/etc/fail2ban',
        ignoredDirectory: null,
        asFail2ban: false,
        problems: ['jail.local:3: [x] y: z.'],
      },
      jails: [...this.#banned.keys()].map((name) => this.#overview(name)),
      sources: [
        {
          id: 'journal',
          state: 'following',
          placeTimeMs: STARTED_MS,
          linesRead: 17,
          notices: [notice('journal')],
        },
      ],
      notices: [notice('firewall')],
      neverBanned: [{ target: '192.0.2.254', because: 'it is a gateway' }],
      counters: { longLines: 2, droppedLines: 0 },
    };
  }

  jail(name: string): JailStatus {
    return { ...this.#overview(name), banned: [...this.#of(name).values()] };
  }

  banned(jail: string | undefined) {
    const names = jail === undefined ? [...this.#banned.keys()] : [jail];
    return { jails: names.map((name) => ({ jail: name, banned: [...this.#of(name).values()] })) };
  }

  ban(jail: string, targets: readonly string[], forSeconds: number | undefined) {
    const bans = this.#of(jail);
    const outcomes = targets.map((target) => {
      if (target.startsWith('127.'))
        return { target, outcome: 'refused' as const, because: 'a loopback address is never banned' };
      if (bans.has(target)) return { target, outcome: 'already' as const, because: null };
      bans.set(
        target,
        ban(target, forSeconds === undefined ? 600_000 : forSeconds < 0 ? null : forSeconds * 1000),
      );
      return { target, outcome: 'banned' as const, because: null };
    });
    return { banned: outcomes.filter(({ outcome }) => outcome === 'banned').length, targets: outcomes };
  }

  unban(targets: readonly string[], jail: string | undefined): UnbanResult {
    const names = jail === undefined ? [...this.#banned.keys()] : [jail];
    const lifted = targets.map((target) => ({
      target,
      jails: names.filter((name) => this.#of(name).delete(target)),
    }));
    return { unbanned: lifted.reduce((sum, { jails }) => sum + jails.length, 0), targets: lifted };
  }

  unbanAll(): Answer<UnbanResult> {
    return this.unban(
      [...this.#banned.values()].flatMap((bans) => [...bans.keys()]),
      undefined,
    );
  }

  release(jail: string) {
    this.#of(jail);
    return { jail, banned: 7 };
  }

  explain(address: string): Explanation {
    const known = address === '192.0.2.1';
    const evidence = { jail: 'sshd', timeMs: STARTED_MS, attempts: 1 };
    return {
      address,
      bans: known ? [{ jail: 'sshd', ...ban(address, 3_600_000) }] : [],
      history: known
        ? [
            {
              jail: 'sshd',
              ...ban(address, 600_000),
              endedAtMs: STARTED_MS + 600_000,
              endedWhy: 'expired',
            },
          ]
        : [],
      evidence: known
        ? [
            {
              ...evidence,
              user: HOSTILE_USER,
              text: `Failed password for ${HOSTILE_USER}`,
              counted: true,
              because: null,
            },
            {
              ...evidence,
              user: 'ann',
              text: 'Failed password for ann',
              counted: false,
              because: 'same attempt',
            },
          ]
        : [],
      decisions: known
        ? [{ timeMs: STARTED_MS, jail: 'sshd', kind: 'ban', text: '3 failures in 10 minutes' }]
        : [],
      effects: known
        ? [{ timeMs: STARTED_MS + 3, jail: 'sshd', action: 'nftables', state: 'done', text: 'in sshd-4-32' }]
        : [],
      ignored: known ? [{ jail: 'dovecot', because: 'ignoreip 192.0.2.0/24' }] : [],
      knownClient: known ? { user: 'bob', lastLoginMs: STARTED_MS } : null,
    };
  }

  top(limit: number) {
    const entry = (name: string) => ({ name, failures: 40, bans: 2 });
    return {
      sinceMs: STARTED_MS,
      addresses: [entry('192.0.2.1'), entry('2001:db8::/64')].slice(0, limit),
      users: [entry(HOSTILE_USER)].slice(0, limit),
      jails: [entry('sshd')].slice(0, limit),
    };
  }

  reports(limit: number): ReportsAnswer {
    return {
      state: 'working',
      detail: 'reports to AbuseIPDB: 998 of 1000 left today',
      allowance: { limit: 1000, remaining: 998 },
      counters: { waiting: 1, accepted: 1 },
      receivers: [{ courier: MAIL, state: 'working', detail: MAIL, counters: { accepted: 1 } }],
      entries: [
        entry({ id: 3, courier: MAIL, state: 'accepted', title: '[Bailiff] sshd: banned 192.0.2.1 from mx' }),
        entry({ id: 2, state: 'waiting' }),
        entry({
          id: 1,
          state: 'accepted',
          askedAtMs: STARTED_MS,
          endedAtMs: STARTED_MS,
          report: SENT,
          answer: 'accepted (HTTP 200)',
        }),
      ].slice(0, limit),
    };
  }

  reportsPreview(limit: number): ReportsPreview {
    const of = { address: '192.0.2.1', jails: ['sshd'], atMs: STARTED_MS };
    return {
      entries: [
        { ...of, report: SENT, because: null },
        { ...of, report: null, because: 'too-few: 2 failures in evidence' },
      ].slice(0, limit),
    };
  }

  reportsFlush(): ReportsFlushed {
    return { hastened: 1 };
  }

  reportsForget(address: string): ReportsForgotten {
    return { address, cancelled: address === '192.0.2.1' ? 1 : 0, sent: 1 };
  }

  stop(): Answer<void> {
    this.stopped = true;
  }

  reload(): Answer<ReloadReport> {
    return { added: [], changed: ['sshd'], removed: [], outdated: [], skipped: [], unreadable: [] };
  }

  fail2ban(words: readonly string[]): Answer<Fail2banResult> {
    if (words[0] === 'ping') return { outcome: { kind: 'value', value: 'pong' }, log: [] };
    return {
      outcome: { kind: 'refused', told: 'Invalid command' },
      log: [{ level: 'ERROR', text: "NOK: ('Invalid command',)" }],
    };
  }

  #of(name: string): Map<string, BanReport> {
    const bans = this.#banned.get(name);
    if (bans === undefined) throw unknownJail(name);
    return bans;
  }

  #overview(name: string): JailOverview {
    const bans = this.#of(name);
    const journal = name === 'sshd';
    return {
      name,
      filter: `${name}[mode=normal]`,
      watches: {
        backend: journal ? 'journal' : 'file',
        journalMatch: journal ? '_SYSTEMD_UNIT=ssh.service + _COMM=sshd' : '',
        files: journal ? [] : ['/var/log/a.log', '/var/log/b.log'],
      },
      hears: {
        state: journal ? 'hearing' : 'deaf',
        text: journal ? '17 lines, 15 recognised' : 'its journal match gives nothing',
        lines: 17,
        recognised: 15,
        lastHeardAtMs: journal ? STARTED_MS : null,
      },
      enforces: [
        {
          action: 'nftables',
          state: 'working',
          detail: 'drops in table inet bailiff',
          ports: 'tcp 22',
          queued: 0,
          done: 9,
          failed: 0,
        },
      ],
      outdated: null,
      settings: { maxretry: 5, findtimeSeconds: 600, bantimeSeconds: 600, ipv6prefix: 64 },
      currentlyFailed: 3,
      totalFailed: 40,
      currentlyBanned: bans.size,
      totalBanned: 9,
      heldBack: 0,
      dropped: [{ set: 'sshd-4-32', packets: 12, bytes: 720 }],
    };
  }
}

function ban(target: string, forMs: number | null): BanReport {
  return {
    target,
    sinceMs: STARTED_MS,
    untilMs: forMs === null ? null : STARTED_MS + forMs,
    failures: 3,
    origin: 'jail',
  };
}

const SENT = {
  address: '192.0.2.1',
  categories: [18, 22],
  comment: 'SSH: 5 failed logins.',
  timestamp: '2026-11-22T12:00:00.000Z',
};

function entry(rest: Partial<ReportEntry> & Pick<ReportEntry, 'id' | 'state'>): ReportEntry {
  return {
    courier: 'abuseipdb',
    title: null,
    address: '192.0.2.1',
    jail: 'sshd',
    failures: 5,
    writtenAtMs: STARTED_MS,
    dueAtMs: STARTED_MS + 300_000,
    askedAtMs: null,
    endedAtMs: null,
    report: null,
    answer: null,
    ...rest,
  };
}

function notice(about: string) {
  return { level: 'warning' as const, about, text: `look at ${about}`, atMs: STARTED_MS };
}
