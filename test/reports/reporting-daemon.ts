/**
 * A private host with AbuseIPDB on its loopback, and one jail that reports to it, for the daemon as a process.
 * Gives how somebody fails, what was accepted, and the fault that the server has from now on.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Afterwards } from '../daemon/afterwards.js';
import { PrivateHost } from '../daemon/private-host.js';
import { serverBeside } from '../daemon/server-beside.js';
import { wholeLines } from '../daemon/whole-lines.js';
import { makeCertificate } from './certificate.js';

export const KEY = 'secret0123456789abcdefghij';
export const ENFORCE = { words: ['--enforce', 'nftables'] } as const;
const SERVER = fileURLToPath(new URL('./server-process.js', import.meta.url));

export interface Reporting {
  readonly host: PrivateHost;
  readonly url: string;
  readonly fails: (address: string) => void;
  readonly accepted: () => readonly string[];
  readonly fault: (name: string) => void;
}

/** `parameters`: what the jail's call of the action says besides the category. */
export async function reportingHost(t: Afterwards, parameters = ''): Promise<Reporting> {
  const host = await PrivateHost.open(t);
  const [log, certificate, key] = ['mail.log', 'cert.pem', 'key.pem'].map((name) => join(host.folder, name));
  const made = makeCertificate();
  writeFileSync(log ?? '', '');
  writeFileSync(certificate ?? '', made.cert);
  writeFileSync(key ?? '', made.key);
  process.env['NODE_EXTRA_CA_CERTS'] = certificate;
  const url = await serverBeside(t, host, SERVER, certificate ?? '', key ?? '', host.folder, KEY);
  host.settings();
  host.configure('[Definition]\nfailregex = ^bad <HOST>$\n', 'filter.d/f.conf');
  host.configure(`[Init]\nabuseipdb_apikey = ${KEY}\nabuseipdb_url = ${url}\n`, 'action.d/abuseipdb.local');
  host.configure(
    `[j]\nenabled = true\nbackend = polling\nlogpath = ${log}\nfilter = f\nmaxretry = 1\nreportdelay = 0\n` +
      `action = %(action_)s\n  %(action_abuseipdb)s[abuseipdb_category="18"${parameters}]\n`,
  );
  const file = join(host.folder, 'accepted');
  return {
    host,
    url,
    fails: (address) => appendFileSync(log ?? '', `bad ${address}\n`),
    accepted: () => wholeLines(file),
    fault: (name) => writeFileSync(join(host.folder, 'fault'), name),
  };
}
