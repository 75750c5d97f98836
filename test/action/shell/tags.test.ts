import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familyOfBan, tagText, type TagSubject } from '../../../src/action/shell/tags.js';
import type { Ban } from '../../../src/ban/ban.js';
import { banOf } from '../decisions.js';

const SURROUNDINGS: TagSubject['surroundings'] = {
  evidenceOf: (ban) => ban.evidence ?? [],
  dataOf: (ban) => ban.data ?? {},
  pastOf: (_, where) => ({ failures: where === 'all' ? 9 : 4, lines: [where, 'line'] }),
  counters: () => ({ found: 1, foundTotal: 2, banned: 3, bannedTotal: 4 }),
  hostNameOf: (address) => Promise.resolve(address === '192.0.2.1' ? 'host.example.net' : undefined),
};

/** The texts of tags for a ban, or for none. */
async function texts(
  ban: Ban | undefined,
  ...tags: readonly string[]
): Promise<readonly (string | undefined)[]> {
  const subject = { jail: 'j', ban, bantimeSeconds: 600, nowMs: 1_000_000_500, surroundings: SURROUNDINGS };
  return Promise.all(tags.map(async (tag) => await tagText(tag, subject)));
}

const BAN = banOf('j', '192.0.2.1', {
  bannedAtMs: 1_795_376_033_000,
  untilMs: 1_795_379_633_000,
  evidence: ['one', `it's "two"`],
  data: { user: 'bob', fport: '25' },
});

test('a ban fills in the tags that Fail2Ban fills in', async () => {
  const tags = ['ip', 'fid', 'family', 'ip-rev', 'ip-host', 'failures', 'time', 'bantime', 'bancount', 'restored', 'matches']; // prettier-ignore
  assert.deepEqual(await texts(BAN, ...tags), [
    '192.0.2.1', '192.0.2.1', 'inet4', '1.2.0.192.', 'host.example.net', '3', '1795376033.0', '3600', '1', '0', `one\nit's "two"`,
  ]); // prettier-ignore
  assert.deepEqual(
    await texts(BAN, 'ipmatches', 'ipjailmatches', 'ipfailures', 'ipjailfailures'),
    ['all\nline', 'jail\nline', '9', '4'], // prettier-ignore
  );
  assert.deepEqual(
    await texts(BAN, 'jail.name', 'jail.found', 'jail.found_total', 'jail.banned', 'jail.banned_total'),
    ['j', '1', '2', '3', '4'],
  );
  assert.deepEqual(await texts(BAN, 'raw-ticket', 'unknown'), [
    `BanTicket: ip=192.0.2.1 time=1795376033.0 bantime=None bancount=1 #attempts=3 matches=['one', 'it\\'s "two"']`,
    undefined,
  ]);
});

test('a group of the match is a tag, and one that took no part is empty', async () => {
  assert.deepEqual(
    await texts(BAN, 'F-USER', 'F-PORT', 'F-IP4', 'F-IP6', 'F-ID', 'F-NONE', 'F-user'),
    ['bob', '25', '192.0.2.1', '', '', '', undefined], // prettier-ignore
  );
});

test('a kept ban has whole seconds, and one without end lasts -1', async () => {
  const kept = { ...BAN, origin: 'restored' as const, untilMs: undefined };
  assert.deepEqual(await texts(kept, 'restored', 'time', 'bantime'), ['1', '1795376033', '-1']);
});

test('a network is banned as that, an id as that with the address beside it', async () => {
  const wide = banOf('j', '2001:db8::/64', { address: '2001:db8::5' });
  assert.deepEqual(await texts(wide, 'ip', 'family', 'F-IP6'), ['2001:db8::/64', 'inet6', '2001:db8::5']);
  assert.match(String(await tagText('ip-rev', { jail: 'j', ban: wide, bantimeSeconds: 1, nowMs: 0, surroundings: SURROUNDINGS })), /^5(?:\.0){23}\.8\.b\.d\.0\.1\.0\.0\.2\.$/); // prettier-ignore
  const id = banOf('j', 'session 7', { address: '192.0.2.9' });
  assert.deepEqual(await texts(id, 'ip', 'fid', 'F-ID', 'family'), [
    '192.0.2.9',
    'session 7',
    'session 7',
    'inet4',
  ]);
  const bare = banOf('j', 'session 7', { address: undefined });
  assert.deepEqual(await texts(bare, 'ip', 'fid', 'family', 'ip-rev', 'ip-host'), ['session 7', 'session 7', 'None', '', 'None']); // prettier-ignore
  assert.equal(familyOfBan(bare), 'any');
});

test('a command that follows no ban has empty tags, the time of now and the bantime of the jail', async () => {
  assert.deepEqual(
    await texts(undefined, 'ip', 'family', 'matches', 'F-USER', 'failures', 'time', 'bantime', 'ip-host'),
    ['', '', '', '', '0', '1000000.5', '600', 'None'],
  );
});
