import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Meaning, meaningOf } from '../../src/action/report/abuseipdb-answer.js';
import { accountOf } from '../../src/action/report/account.js';
import { bulkCsv, MOST_ROWS, refusedRows } from '../../src/action/report/bulk-csv.js';
import { Quota } from '../../src/action/report/quota.js';
import { folderFor } from '../control/sample-server.js';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NOON_MS = Date.UTC(2026, 10, 22, 12, 0, 0);
const DAY_MS = 86_400_000;

const same = (text: string): string => text;
const MIDNIGHT_MS = Date.UTC(2026, 10, 23);

function told(status: number, detail: string, headers: Readonly<Record<string, string>> = {}): Meaning {
  const body = JSON.stringify({ errors: [{ detail, status }] });
  return meaningOf({ kind: 'answered', status, headers, body }, false, NOON_MS, same);
}

test('both kinds of 429 are told apart by their words, whatever the status', () => {
  const daily =
    'Daily rate limit of 1000 requests exceeded for this endpoint. See headers for additional details.';
  const soon = 'You can only report the same IP address (`11.0.0.1`) once in 15 minutes.';
  assert.equal(told(429, daily).usedUpUntilMs, MIDNIGHT_MS);
  assert.equal(told(429, daily, { 'retry-after': '60' }).usedUpUntilMs, NOON_MS + 60_000);
  assert.equal(
    told(429, daily, { 'retry-after': 'Sun, 22 Nov 2026 13:00:00 GMT' }).usedUpUntilMs,
    NOON_MS + 3_600_000,
  );
  assert.equal(
    told(429, daily, { 'x-ratelimit-reset': String(MIDNIGHT_MS / 1000) }).usedUpUntilMs,
    MIDNIGHT_MS,
  );
  assert.equal(told(429, daily, { 'retry-after': '99999999' }).usedUpUntilMs, NOON_MS + DAY_MS);
  assert.equal(told(429, daily).answer.kind, 'retry');
  assert.equal(told(429, daily).fault, undefined, 'a day that is used up is no fault');
  for (const status of [403, 422, 429]) {
    assert.equal(told(status, soon).answer.kind, 'refused');
    assert.equal(told(status, soon).usedUpUntilMs, undefined);
    assert.equal(told(status, soon).pauseUntilMs, undefined);
  }
  const body = JSON.stringify({ errors: [{ detail: soon, status: 429 }] });
  const again = meaningOf({ kind: 'answered', status: 429, headers: {}, body }, true, NOON_MS, same);
  assert.equal(again.answer.kind, 'accepted', 'asked again, it had arrived');
});

test('only what speaks of the report itself ends it; a wrong address or account loses none', () => {
  for (const status of [400, 413, 422]) assert.equal(told(status, 'invalid').answer.kind, 'refused');
  for (const status of [401, 402, 403, 404, 405, 415]) {
    assert.equal(told(status, 'no').answer.kind, 'retry', String(status));
    assert.ok(told(status, 'no').fault);
  }
  assert.equal(told(401, 'no').pauseUntilMs, NOON_MS + 3_600_000);
});

test('a page of somebody in between is no answer', () => {
  const page = (status: number): Meaning =>
    meaningOf(
      { kind: 'answered', status, headers: {}, body: '<html>429 15 minutes</html>' },
      false,
      NOON_MS,
      same,
    );
  assert.equal(page(200).answer.kind, 'unknown');
  assert.equal(page(503).answer.kind, 'unknown');
  for (const status of [301, 302, 400, 401, 403, 404, 413, 429]) {
    assert.equal(page(status).answer.kind, 'retry', String(status));
    assert.ok(page(status).fault);
  }
});

test("a day's count begins anew in UTC, or when the receiver says, and is the smaller of both", () => {
  const quota = new Quota(1000);
  for (let at = 0; at < 10; at += 1) quota.charge(NOON_MS);
  assert.equal(quota.remaining(NOON_MS), 990);
  quota.hear(1000, 700, NOON_MS);
  assert.equal(quota.remaining(NOON_MS), 700, 'another program uses the same key');
  quota.hear(1000, 999, NOON_MS);
  assert.equal(quota.remaining(NOON_MS), 700);
  assert.equal(new Quota(1000, quota.memory()).remaining(NOON_MS), 700);
  quota.close(NOON_MS + 60_000);
  assert.equal(quota.remaining(NOON_MS + 59_999), 0);
  assert.equal(quota.opensAtMs(NOON_MS), NOON_MS + 60_000);
  assert.equal(quota.remaining(NOON_MS + 60_000), 1000);
  quota.hear(3000, 2999, NOON_MS + 60_000);
  assert.equal(quota.limit(NOON_MS + 60_000), 3000);
  assert.equal(quota.remaining(NOON_MS + 60_000), 2999);
  assert.equal(quota.remaining(MIDNIGHT_MS), 3000);
});

test('a file of reports keeps to the limits, and its answer is read by what the rows held', () => {
  const report = (at: number) => ({
    address: `2001:db8:ffff:ffff:ffff:ffff:${(4096 + (at >> 12)).toString(16)}:${(4096 + (at & 4095)).toString(16)}`,
    categories: [14, 15, 18, 22],
    comment:
      'SMTP AUTH: 100000 failed logins with 100000 user names, 2026-11-22T11:57:00Z to 2026-11-22T12:00:00Z, TCP ports 25/465/587. '.repeat(
        2,
      ),
    timestamp: '2026-11-22T12:00:00.000Z',
  });
  const all = Array.from({ length: MOST_ROWS }, (_, at) => report(at));
  const csv = bulkCsv(all);
  assert.ok(Buffer.byteLength(csv) < 2_000_000, `${csv.length} bytes`);
  const quoted = bulkCsv([{ ...report(0), comment: 'a "b" \\" c' }]);
  assert.match(quoted, /,"a 'b' '' c"\n$/);
  const some = all.slice(0, 3);
  const invalid = { error: 'Duplicate IP', input: some[1]?.address.toUpperCase(), rowNumber: 77 };
  assert.deepEqual(
    [...(refusedRows({ savedReports: 2, invalidReports: [invalid] }, some, same) ?? [])],
    [[1, 'Duplicate IP']],
  );
  assert.equal(refusedRows({ ipAddress: '1' }, some, same), undefined);
  assert.equal(refusedRows({ savedReports: 3 }, some, same)?.size, 0);
});

test('the key comes from a file, a credential or the configuration, and goes nowhere without encryption', (t) => {
  const folder = folderFor(t);
  const file = join(folder, 'key');
  writeFileSync(file, 'from-file\n');
  assert.equal(accountOf({ abuseipdb_apikey: ' inline ' }, undefined)?.key, 'inline');
  assert.equal(accountOf({ abuseipdb_apikey: 'inline' }, folder)?.key, 'inline');
  writeFileSync(join(folder, 'abuseipdb_apikey'), 'from-credential\n');
  assert.equal(accountOf({ abuseipdb_apikey: 'inline' }, folder)?.key, 'from-credential');
  assert.equal(accountOf({ abuseipdb_keyfile: file, abuseipdb_apikey: 'inline' }, folder)?.key, 'from-file');
  assert.equal(accountOf({}, undefined), undefined);
  assert.equal(accountOf({ abuseipdb_apikey: 'k' }, undefined)?.url, 'https://api.abuseipdb.com/api/v2');
  assert.equal(
    accountOf({ abuseipdb_apikey: 'k', abuseipdb_url: 'https://127.0.0.1:1/x/' }, undefined)?.url,
    'https://127.0.0.1:1/x',
  );
  const wrong = (parameters: Readonly<Record<string, string>>, code: string): void =>
    assert.throws(() => accountOf(parameters, undefined), { code });
  wrong({ abuseipdb_apikey: 'k', abuseipdb_url: 'http://api.abuseipdb.com' }, 'action.report-url');
  wrong({ abuseipdb_apikey: 'two\nlines' }, 'action.report-key');
  wrong({ abuseipdb_keyfile: join(folder, 'none') }, 'action.report-key');
});

test('a credential that is there and cannot be read is told, and no other key is used in its place', (t) => {
  const folder = folderFor(t);
  // Whoever runs this may read any file; nobody reads a folder.
  mkdirSync(join(folder, 'abuseipdb_apikey'));
  assert.throws(() => accountOf({ abuseipdb_apikey: 'inline' }, folder), {
    code: 'action.report-key',
    message: /cannot be read/,
  });
});

/** Deeper than a text can be made of it. */
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

test('whatever an answer holds, what is kept of it is short, and nothing throws', () => {
  const meaning = (status: number, body: string): Meaning =>
    meaningOf({ kind: 'answered', status, headers: {}, body }, false, NOON_MS, same);
  const many = JSON.stringify({
    errors: Array.from({ length: 10_000 }, () => ({ detail: 'x'.repeat(300) })),
  });
  for (const status of [200, 401, 422, 429, 500])
    for (const body of [
      many,
      DEEP,
      `{"errors":[{"detail":${DEEP}}]}`,
      `{"errors":${DEEP}}`,
      `{"data":${DEEP}}`,
      '\u0000\uffff',
    ]) {
      const { answer, fault } = meaning(status, body);
      assert.ok(answer.detail.length < 1200, `${answer.detail.length} characters`);
      assert.ok((fault?.length ?? 0) < 1300);
    }
  assert.equal(
    meaning(422, `{"errors":[{"detail":${DEEP}},{"detail":"no"}]}`).answer.detail,
    'refused (HTTP 422): no',
  );
});

test('of the rows of a bulk answer those that are ours count, whatever else stands there', () => {
  const report = (at: number) => ({
    address: `11.0.0.${at}`,
    categories: [18],
    comment: 'x',
    timestamp: 'x',
  });
  const all = [1, 2, 3].map(report);
  // A parse boundary: what no JSON.stringify would write.
  const deep: unknown = JSON.parse(DEEP);
  const refused = refusedRows(
    {
      savedReports: 2,
      invalidReports: [
        { error: 'Invalid IP', input: deep },
        { error: deep, input: '11.0.0.1' },
        { error: 'Invalid IP', input: '11.0.0.2' },
        { error: 'Invalid IP', input: 'nobody' },
      ],
    },
    all,
    same,
  );
  assert.deepEqual(
    [...(refused ?? [])],
    [
      [0, 'refused'],
      [1, 'Invalid IP'],
    ],
  );
  const category = refusedRows(
    { savedReports: 0, invalidReports: [{ error: 'Invalid Category', input: '18' }] },
    all,
    same,
  );
  assert.equal(category?.size, 3);
});

test('of the key not even half is kept, wherever the answer is cut', () => {
  const key = 'hush0123456789abcdefghijklmnopqrstuvwxyz';
  const hide = (text: string): string => text.replaceAll(key, '…');
  for (let at = 0; at < 220; at += 7) {
    const detail = `${'x'.repeat(at)}${key}`;
    const body = JSON.stringify({ errors: [{ detail }] });
    const { answer } = meaningOf({ kind: 'answered', status: 422, headers: {}, body }, false, NOON_MS, hide);
    const report = { address: '11.0.0.1', categories: [18], comment: 'x', timestamp: 'x' };
    const rows = refusedRows(
      { savedReports: 0, invalidReports: [{ error: detail, input: '18' }] },
      [report],
      hide,
    );
    for (const text of [answer.detail, rows?.get(0) ?? '']) assert.ok(!text.includes('hush0'), text);
  }
});
