/**
 * A configuration of two jails over scratch log files and one over the journal, whose actions do nothing, for Fail2Ban's server and for ours.
 * Takes a folder; writes the files; gives their places: below the folder, or in the lab where the packages have them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLab, LAB, sharedFile } from '../lab/installed.js';

export interface ScratchHost {
  readonly folder: string;
  readonly config: string;
  readonly logs: string;
  readonly theirSocket: string;
  readonly pidFile: string;
  readonly ourSocket: string;
  readonly ourDatabase: string;
}

function placesIn(folder: string): Omit<ScratchHost, 'folder' | 'logs'> {
  if (isLab) return LAB;
  return {
    config: join(folder, 'config'),
    theirSocket: join(folder, 'f2b.sock'),
    pidFile: join(folder, 'f2b.pid'),
    ourSocket: join(folder, 'bailiff.sock'),
    ourDatabase: join(folder, 'state', 'bailiff.sqlite'),
  };
}

export function scratchHost(folder: string): ScratchHost {
  const { config, theirSocket, pidFile, ourSocket, ourDatabase } = placesIn(folder);
  const logs = join(folder, 'logs');
  for (const each of ['filter.d', 'action.d']) mkdirSync(join(config, each), { recursive: true });
  mkdirSync(logs);
  for (const name of ['login', 'spam', 'spam2']) writeFileSync(join(logs, `${name}.log`), '');
  sharedFile(join(folder, 'daemon.log'));
  writeFileSync(
    join(config, 'fail2ban.conf'),
    `[Definition]
loglevel = INFO
logtarget = ${folder}/daemon.log
syslogsocket = auto
socket = ${theirSocket}
pidfile = ${pidFile}
allowipv6 = auto
dbfile = ${folder}/f2b.sqlite3
dbmaxmatches = 10
dbpurgeage = 1d
`,
  );
  writeFileSync(
    join(config, 'filter.d', 'login.conf'),
    `[Definition]
failregex = ^login failed for <F-USER>\\S+</F-USER> from <HOST>$
            ^refused <ADDR> port <F-PORT/>$
ignoreregex = ^login failed for monitor from
`,
  );
  writeFileSync(
    join(config, 'filter.d', 'spam.conf'),
    `[Definition]
prefregex = ^spam: <F-CONTENT>.+</F-CONTENT>$
failregex = ^from <HOST>$
ignoreregex =
datepattern = %%Y-%%m-%%d %%H:%%M:%%S
maxlines = 1
`,
  );
  writeFileSync(
    join(config, 'action.d', 'nothing.conf'),
    `[Definition]
actionstart = true start <name>
actionstop = true stop
actioncheck =
actionban = true ban <ip>
actionunban = true unban <ip>
[Init]
color = red
`,
  );
  writeFileSync(join(config, 'action.d', 'other.conf'), '[Definition]\nactionban = true other <ip>\n');
  writeFileSync(
    join(config, 'jail.conf'),
    `[DEFAULT]
backend = polling
usedns = no
ignoreself = false
findtime = 10m
bantime = 1h
maxretry = 3
action = nothing
[login]
enabled = true
filter = login
logpath = ${logs}/login.log
ignoreip = 198.51.100.0/24 198.51.101.7
action = nothing
         other[actname=second]
[spam]
enabled = true
filter = spam
logpath = ${logs}/spam.log
          ${logs}/spam2.log
bantime = 600
bantime.increment = true
bantime.maxtime = 1w
[unit]
enabled = true
filter = login
backend = systemd
journalmatch = _SYSTEMD_UNIT=absent.service + _COMM=absent
`,
  );
  return { folder, config, logs, theirSocket, pidFile, ourSocket, ourDatabase };
}
