/**
 * What the preview of a recorded day says is what a host would have sent: the same day goes through a real store, sender and
 * HTTPS server, by the recorded clock, and both are compared word for word.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { loadConfiguration } from '../../src/config/configuration.js';
import type { Outcome } from '../../src/jail/jail.js';
import type { ReplayRequest } from '../../src/jail/offline-events.js';
import { replay } from '../../src/jail/replay.js';
import { type PreviewedReport, previewReports } from '../../src/jail/report-preview.js';
import { packageRoot } from '../../src/lib/package-root.js';
import { ReportingHost } from './reporting-host.js';

const HOUR_MS = 3_600_000;

/** The recorded day of a host under the guide's jails, changed by `more`. */
function recordedDay(t: TestContext, host: string, more: string): ReplayRequest {
  const folder = mkdtempSync(join(tmpdir(), 'bailiff-preview-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const recorded = (name: string): string => {
    const packed = readFileSync(join(packageRoot, 'recordings', 'debian13', host, `${name}.gz`));
    writeFileSync(join(folder, name), gunzipSync(packed));
    return join(folder, name);
  };
  writeFileSync(
    join(folder, 'jail.local'),
    `${readFileSync(join(packageRoot, 'config', 'policy', 'jail.local'), 'utf8')}\n${more}`,
  );
  return {
    configDirectory: folder,
    asFail2ban: false,
    journalPath: undefined,
    journalExport: recorded('journal.export'),
    logs: [{ jail: 'apache-auth', path: recorded('error.log') }],
    sinceMs: undefined,
    untilMs: undefined,
  };
}

function timeOf(outcome: Outcome): number | undefined {
  if (outcome.kind === 'counted') return outcome.failure.timeMs;
  if (outcome.kind === 'login') return outcome.timeMs;
  if (outcome.kind !== 'decided') return undefined;
  return outcome.decision.kind === 'ban' ? outcome.decision.bannedAtMs : outcome.decision.atMs;
}

for (const [host, more, what] of [
  ['pam', '', "the guide's jails"],
  ['virtual', '', "the guide's jails"],
  ['pam', '[DEFAULT]\nreportdelay = 20m\nreportminfailures = 4\n', 'other rules'],
] as const)
  test(`what is previewed of a recorded day is what is sent and not sent, word for word (${host}, ${what})`, async (t) => {
    const request = recordedDay(t, host, more);
    const previewed: PreviewedReport[] = [];
    for await (const event of previewReports(request)) if (event.kind === 'report') previewed.push(event);

    const sending = await ReportingHost.open();
    t.after(() => sending.close());
    sending.jails = loadConfiguration(request).jails;
    const { ledger, effect, store } = sending.start();
    const outcomes: Outcome[] = [];
    for await (const event of replay(request, (outcome) => void outcomes.push(outcome))) void event;
    for (const outcome of outcomes) {
      const atMs = Math.max(timeOf(outcome) ?? 0, sending.clock.now());
      await sending.runUntil(atMs);
      ledger.commit([outcome], atMs);
      if (outcome.kind === 'decided') effect.follow([outcome.decision]);
    }
    await sending.runUntil(sending.clock.now() + 3 * HOUR_MS);

    const sent = sending.rules.accepted.map(({ ip, categories, comment, timestamp }) =>
      [ip, categories, comment, timestamp].join(' | '),
    );
    const wouldBe = previewed.flatMap(({ report }) =>
      report === undefined
        ? []
        : [[report.address, report.categories.join(','), report.comment, report.timestamp].join(' | ')],
    );
    assert.deepEqual(wouldBe.toSorted(), sent.toSorted());
    const entries = store.outbox.newest('abuseipdb', 10_000);
    const declined = entries.flatMap(({ state, subject, jail, answer }) =>
      state === 'declined' ? [`${subject} ${jail} ${answer ?? ''}`] : [],
    );
    const wouldNot = previewed.flatMap(({ report, address, jails, because }) =>
      report === undefined ? [`${address} ${jails.join()} ${because ?? ''}`] : [],
    );
    assert.deepEqual(wouldNot.toSorted(), declined.toSorted());
    assert.ok(sent.length > 30 && declined.length > 0, `${sent.length} sent, ${declined.length} not`);
    assert.equal(entries.filter(({ state }) => state !== 'accepted' && state !== 'declined').length, 0);
    t.diagnostic(`${sent.length} sent, ${declined.length} declined of ${entries.length} bans`);
  });
