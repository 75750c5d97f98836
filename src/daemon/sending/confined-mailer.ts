/**
 * Whether `mailer = sendmail` can work here: Postfix's sendmail hands mail over with the right of its group `postdrop`, and
 * where new privileges are forbidden it waits for that for ever. Takes `/proc/self/status`; gives what to tell.
 */
import { readFileSync } from 'node:fs';
import { BailiffError } from '../../lib/errors.js';

/** undefined = nothing is in its way. */
export function confinedMailer(
  mailer: 'smtp' | 'sendmail',
  readStatus: () => string = () => readFileSync('/proc/self/status', 'latin1'),
): BailiffError | undefined {
  if (mailer !== 'sendmail' || !/^NoNewPrivs:\s*1$/m.test(readStatus())) return undefined;
  return new BailiffError(
    'action.mail-privileges',
    'This process may get no new privileges, which the sendmail of Postfix needs: mails may be lost.',
    { remedy: 'Set `mailer = smtp`, or put packaging/sendmail.conf beside the unit as a drop-in.' },
  );
}
