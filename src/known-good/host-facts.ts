/**
 * What of the host a guard rests on: system, versions of what guards and of what is guarded, networks, listening ports.
 * Takes folders of the machine, so that a test can hand in its own; gives facts. What cannot be read is said so. Starts
 * no program and asks nobody.
 */
import { readFileSync } from 'node:fs';
import { networkInterfaces, release } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../lib/errors.js';
import { packageVersion } from '../lib/package-root.js';
import type { Facts } from './state.js';

export interface HostPlaces {
  readonly hostname: string;
  /** `/var/lib/dpkg` */
  readonly dpkg: string;
  /** `/proc` */
  readonly proc?: string;
  /** `/etc` */
  readonly etc?: string;
}

/** Debian's packages of the services that jails guard, and of what guards them. */
const PACKAGES: ReadonlySet<string> = new Set([
  'apache2', 'bailiff', 'dovecot-core', 'fail2ban', 'nftables', 'nginx', 'nodejs', 'openssh-server', 'postfix', 'rspamd',
  'rsyslog', 'systemd', 'ufw',
]); // prettier-ignore
/** proc(5): the state of a TCP socket that listens. */
const LISTENS = '0A';

export function hostFacts({ hostname, dpkg, proc = '/proc', etc = '/etc' }: HostPlaces): Facts {
  return {
    host: {
      name: hostname,
      system: reading(
        () => /^PRETTY_NAME="?([^"\n]*)/m.exec(textOf(join(etc, 'os-release')))?.[1] ?? 'unknown',
      ),
      kernel: release(),
      node: process.version,
      bailiff: packageVersion(),
      resolvers: reading(() =>
        [...textOf(join(etc, 'resolv.conf')).matchAll(/^nameserver\s+(\S+)/gm)]
          .map(([, each]) => each)
          .join('\n'),
      ),
    },
    networks: networks(),
    packages: packages(join(dpkg, 'status')),
    listening: listening(proc),
  };
}

/** Of each interface, without the addresses that it gives itself. */
function networks(): Facts[string] {
  return Object.fromEntries(
    Object.entries(networkInterfaces())
      .map(([name, addresses = []]): [string, string] => {
        const given = addresses.map(({ cidr, address }) => cidr ?? address);
        return [
          name,
          given
            .filter((each) => !/^fe80:/i.test(each))
            .sort()
            .join('\n'),
        ];
      })
      .filter(([, given]) => given !== '')
      .sort(byName),
  );
}

function packages(statusFile: string): Facts[string] {
  try {
    const found = [
      ...textOf(statusFile).matchAll(
        /^Package: (\S+)\nStatus: \S+ \S+ installed\n(?:[^\n]+\n)*?Version: (\S+)$/gm,
      ),
    ];
    return Object.fromEntries(
      found
        .flatMap(([, name = '', version = '']) => (PACKAGES.has(name) ? [[name, version] as const] : []))
        .sort(byName),
    );
  } catch (error) {
    return { all: unknown(error) };
  }
}

/**
 * Ports of TCP on which anybody listens, and as which user. Ports of loopback that the kernel hands out to who asks for
 * any are no fact of the host: they come and go.
 */
function listening(proc: string): Facts[string] {
  const uids = new Map<number, Set<string>>();
  try {
    const [lowest = 0, highest = 0] = textOf(join(proc, 'sys/net/ipv4/ip_local_port_range'))
      .split(/\s+/)
      .map(Number);
    for (const file of ['tcp', 'tcp6'])
      for (const line of textOf(join(proc, 'self/net', file))
        .split('\n')
        .slice(1)) {
        const [, local = '', , state = '', , , , uid = ''] = line.trim().split(/\s+/);
        const [address = '', port = ''] = local.split(':');
        if (state !== LISTENS) continue;
        const at = /^0+$/.test(address)
          ? 'every address'
          : isLoopback(address)
            ? 'loopback'
            : 'some addresses';
        const key = Number.parseInt(port, 16);
        if (at === 'loopback' && key >= lowest && key <= highest) continue;
        uids.set(key, (uids.get(key) ?? new Set()).add(`${at}, user ${uid}`));
      }
  } catch (error) {
    return { all: unknown(error) };
  }
  return Object.fromEntries(
    [...uids]
      .sort(([one], [other]) => one - other)
      .map(([port, told]) => [`tcp ${port}`, [...told].sort().join('\n')]),
  );
}

/** 127.0.0.0/8 as little-endian hex, ::1 as four words of it, ::ffff:127.0.0.0/104. */
function isLoopback(hex: string): boolean {
  return /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/.test(hex);
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8');
}

function reading(read: () => string): string {
  try {
    return read();
  } catch (error) {
    return unknown(error);
  }
}

function unknown(error: unknown): string {
  return `unknown: ${messageOf(error)}`;
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1;
}
