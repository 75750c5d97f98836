/**
 * What a report says in words: composed of a fixed vocabulary, numbers, ports and times, and never of text from a log,
 * so that no name, address, host or session of anybody here can be in it.
 * Takes deeds about one address; gives ASCII of at most 1,024 bytes, as AbuseIPDB keeps.
 */
import { portOfService } from '../../lib/service-ports.js';
import type { EvidenceKind, Service } from './evidence-kind.js';
import type { Deed } from './judge.js';

const MOST_BYTES = 1024;
const MOST_PORTS = 12;

const SERVICE_WORDS: Readonly<Record<Service, string>> = {
  ssh: 'SSH',
  smtp: 'SMTP',
  submission: 'SMTP AUTH',
  imap: 'IMAP/POP3',
  web: 'HTTP',
  'mail-content': 'mail',
  bans: 'several services',
  other: 'a network service',
};

/** Singular and plural. */
const KIND_WORDS: Readonly<Record<EvidenceKind, readonly [string, string]>> = {
  login: ['failed login', 'failed logins'],
  relay: ['attempt to relay mail', 'attempts to relay mail'],
  recipient: ['attempt at an unknown recipient', 'attempts at unknown recipients'],
  probe: ['probe or protocol violation', 'probes or protocol violations'],
  request: ['denied request', 'denied requests'],
  repeat: ['ban', 'bans'],
  attempt: ['hostile attempt', 'hostile attempts'],
  spam: ['refused mail', 'refused mails'],
  listed: ['listing', 'listings'],
  packet: ['packet', 'packets'],
};

/** Where a service listens: a jail shuts more doors than the one that was tried. */
const SERVICE_PORTS: Readonly<Partial<Record<Service, readonly number[]>>> = {
  smtp: [25, 465, 587],
  submission: [25, 465, 587],
  imap: [110, 143, 993, 995, 4190],
  web: [80, 443],
};

export function commentOf(deeds: readonly Deed[]): string {
  let comment = '';
  for (const deed of deeds) {
    const next = comment === '' ? sentenceOf(deed) : `${comment} ${sentenceOf(deed)}`;
    if (next.length > MOST_BYTES) break;
    comment = next;
  }
  return comment;
}

/** `SSH: 5 failed logins with 3 user names, 2026-11-22T10:00:00Z to 2026-11-22T10:04:11Z, TCP port 22.` */
function sentenceOf({ service, seen, users, firstMs, lastMs, ports }: Deed): string {
  const counts = [...seen].map(([kind, count]) => `${count} ${KIND_WORDS[kind][count === 1 ? 0 : 1]}`);
  const names = users > 1 ? ` with ${users} user names` : '';
  const [first, last] = [timeOf(firstMs), timeOf(lastMs)];
  const time = first === last ? first : `${first} to ${last}`;
  const numbers = portsOf(service, portNumbers(ports));
  const where = numbers.length === 0 ? '' : `, TCP port${numbers.length > 1 ? 's' : ''} ${numbers.join('/')}`;
  return `${SERVICE_WORDS[service]}: ${counts.join(', ')}${names}, ${time}${where}.`;
}

/** Seconds are enough. */
function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Numbers of what is written as `smtp,465,submission`; none where ranges are named or nobody knows a name. */
function portNumbers(ports: string): readonly number[] {
  const words = ports.split(/[\s,]+/).filter((word) => word !== '');
  const numbers = words.map((word) => (/^\d{1,5}$/.test(word) ? Number(word) : portOfService(word)));
  if (numbers.length > MOST_PORTS) return [];
  return numbers.every((number) => number !== undefined) ? [...new Set(numbers)] : [];
}

function portsOf(service: Service, guarded: readonly number[]): readonly number[] {
  const known = guarded.filter((port) => SERVICE_PORTS[service]?.includes(port));
  return known.length > 0 ? known : guarded;
}
