/**
 * Bans that a start has to bring back, written into an empty store: Bailiff's, or Fail2Ban's database by its own modules.
 * Takes where it lies and how many; each ban is of another address, made now, for a day.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Store } from '../src/store/store.js';
import { python } from './python.js';

const IN_TRANSACTION = 2000;
const DAY_MS = 86_400_000;
const FILL = `
import sys, time
sys.path.insert(0, sys.argv[1])
from fail2ban.server.database import Fail2BanDb
from fail2ban.server.ticket import BanTicket
class Actions:
    def getBanTime(self): return 86400
class Jail:
    name = 'sshd'
    actions = Actions()
db = Fail2BanDb(sys.argv[2])
db.addJail(Jail)
for number in range(int(sys.argv[3])):
    ticket = BanTicket('10.%d.%d.%d' % (number >> 16 & 255, number >> 8 & 255, number & 255), time.time())
    ticket.setBanTime(86400)
    db.addBan(Jail, ticket)
db.close()
`;

export function fillStore(state: string, count: number): void {
  mkdirSync(state);
  const store = new Store(join(state, 'bailiff.sqlite'));
  const atMs = Date.now();
  for (let from = 0; from < count; from += IN_TRANSACTION)
    store.transaction(() => {
      for (let number = from; number < Math.min(count, from + IN_TRANSACTION); number += 1)
        store.bans.add({
          kind: 'ban',
          jail: 'sshd',
          target: addressOf(number),
          address: addressOf(number),
          bannedAtMs: atMs,
          untilMs: atMs + DAY_MS,
          failures: 3,
          origin: 'jail',
          evidence: [],
        });
    });
  store.close();
}

/** `pythonPath`: where Fail2Ban's modules lie. */
export function fillFail2BanDatabase(pythonPath: string, path: string, count: number): void {
  execFileSync(python(), ['-c', FILL, pythonPath, path, String(count)], { stdio: 'pipe' });
}

export function addressOf(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

/** So many of `count` addresses, evenly. */
export function sampledAddresses(count: number, samples: number): readonly string[] {
  return Array.from({ length: samples }, (_, index) => addressOf(Math.floor((index * count) / samples)));
}
