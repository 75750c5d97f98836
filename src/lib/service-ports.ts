/**
 * Port numbers of service names, as getservbyname(3) knows them.
 * Takes a name; reads /etc/services once, and knows the services of mail hosts where that file is missing (Debian's
 * netbase is not essential). Does not speak NSS.
 */
import { readFileSync } from 'node:fs';

/** IANA's numbers of what a jail of a mail host names; aliases as in Debian's /etc/services. */
const KNOWN: Readonly<Record<string, number>> = {
  ftp: 21,
  'ftp-data': 20,
  ftps: 990,
  'ftps-data': 989,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  mail: 25,
  domain: 53,
  http: 80,
  www: 80,
  pop3: 110,
  'pop-3': 110,
  imap: 143,
  imap2: 143,
  https: 443,
  submissions: 465,
  ssmtp: 465,
  smtps: 465,
  urd: 465,
  submission: 587,
  imaps: 993,
  pop3s: 995,
  mysql: 3306,
  postgresql: 5432,
  sieve: 4190,
};

let services: ReadonlyMap<string, number> | undefined;

/** The port that `name` stands for (any protocol), or undefined if nothing knows it. */
export function portOfService(name: string): number | undefined {
  services ??= readServices('/etc/services');
  return services.get(name) ?? (Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined);
}

/** services(5): `name port/protocol alias…  # comment`; the first line of a name wins. */
export function parseServices(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, port, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const number = Number.parseInt(port ?? '', 10);
    if (name === undefined || !(number > 0 && number < 65536)) continue;
    for (const each of [name, ...aliases]) if (!found.has(each)) found.set(each, number);
  }
  return found;
}

function readServices(path: string): ReadonlyMap<string, number> {
  try {
    return parseServices(readFileSync(path, 'utf8'));
  } catch {
    return new Map(); // The file may be missing (netbase is optional); KNOWN answers then.
  }
}
