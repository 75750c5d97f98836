/**
 * The mail server and a whois server as a process of their own. Arguments: a folder. Prints both ports.
 * Mails go one by one into `mails` (JSON lines); the name of a fault of the mail server is read from `fault` as it comes:
 * `hang` = the answer to the mail itself never comes.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SmtpServer } from './smtp-server.js';
import { WhoisServer } from './whois-server.js';

const folder = process.argv[2] ?? '';
const server = await SmtpServer.open();
const whois = await WhoisServer.open(
  { after: () => undefined },
  (question) => `netname: NET-OF-${question}\n`,
);
server.mails.push = (...mails) => {
  appendFileSync(join(folder, 'mails'), mails.map((mail) => `${JSON.stringify(mail)}\n`).join(''));
  const path = join(folder, 'fault');
  const isHanging = existsSync(path) && readFileSync(path, 'utf8') === 'hang';
  server.fault = isHanging ? { step: 'end', does: 'hang' } : undefined;
  return mails.length;
};
process.stdout.write(`${server.port} ${whois.place.port}\n`);
