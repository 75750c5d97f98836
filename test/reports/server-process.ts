/**
 * The server as a process of its own, for a daemon on a private host. Words: certificate, key, folder, the key of the API.
 * Writes each accepted report into `accepted` of the folder; its fault is what `fault` there names. Real time.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.js';
import { AbuseIpdbRules } from './abuseipdb-rules.js';
import { AbuseIpdbServer, FAULTS, REFUSALS } from './abuseipdb-server.js';

const [certificate = '', key = '', folder = '', apiKey = ''] = process.argv.slice(2);
const rules = new AbuseIpdbRules(systemClock, apiKey);
const push = rules.accepted.push.bind(rules.accepted);
rules.accepted.push = (...accepted) => {
  for (const each of accepted) appendFileSync(join(folder, 'accepted'), `${JSON.stringify(each)}\n`);
  return push(...accepted);
};
const server = await AbuseIpdbServer.open(
  {
    rules,
    certificate: { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') },
    fault: () => {
      const file = join(folder, 'fault');
      const named = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return [...FAULTS, ...REFUSALS].find((fault) => fault === named);
    },
    hangs: () => undefined,
  },
  8443,
);
process.stdout.write(`${server.url}\n`);
