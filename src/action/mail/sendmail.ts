/**
 * One mail through the local sendmail program: for hosts whose mail server listens nowhere.
 * Takes envelope and mail; says what became of it. Only sendmail's own word for "later" has it tried again.
 */
import { type Handed, held, inDoubt, refused, taken } from '../message/message.js';
import { type Patience, patienceOf } from '../message/patience.js';
import { runProgram } from '../message/run-program.js';
import type { Envelope } from './smtp.js';

export const SENDMAIL = '/usr/sbin/sendmail';
/** Where new privileges are forbidden sendmail waits for ever. */
const LIMIT_MS = 60_000;
/** EX_TEMPFAIL, EX_OSERR, EX_UNAVAILABLE of sysexits(3): nothing was queued. */
const LATER: ReadonlySet<number> = new Set([69, 71, 75]);

export async function sendBySendmail(
  { from, to, mail }: Omit<Envelope, 'greeting'>,
  program: string = SENDMAIL,
  patience: Patience = patienceOf(LIMIT_MS),
): Promise<Handed> {
  const text = mail.replaceAll('\r\n', '\n');
  const ended = await runProgram(program, ['-i', '-f', from, '--', to], text, patience);
  switch (ended.kind) {
    case 'unstarted':
      return held(`${program}: ${ended.why}`);
    case 'killed':
      return inDoubt(`${program}: ${ended.why}`);
    case 'ended': {
      const words = `${program} ended with ${ended.status}${ended.said === '' ? '' : `: ${ended.said}`}`;
      if (ended.status === 0) return taken('taken by sendmail');
      return LATER.has(ended.status) ? held(words) : refused(words);
    }
  }
}
