/**
 * One mail to one recipient by SMTP (RFC 5321), over a connection of its own, without encryption or login: for the mail
 * server on this host. Takes place, envelope and mail; says what became of it. Until the last line of the mail is on its
 * way nothing can have been taken; afterwards, without an answer, it may have been. Never rejects.
 */
import { connect } from 'node:net';
import { messageOf } from '../../lib/errors.js';
import { visible } from '../../lib/visible-text.js';
import { type Handed, held, inDoubt, refused, taken } from '../message/message.js';
import { type Patience, patienceOf } from '../message/patience.js';
import { type Reply, SmtpReplies } from './smtp-replies.js';

const LIMIT_MS = 60_000;
const FAREWELL_MS = 2000;
/** Of what a server says. */
const LONGEST_DETAIL = 300;

export interface SmtpPlace {
  readonly host: string;
  readonly port: number;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
  /** The name by which this host greets. */
  readonly greeting: string;
  /** Lines with CR LF, the last one ended. */
  readonly mail: string;
}

export function sendBySmtp(
  { host, port }: SmtpPlace,
  envelope: Envelope,
  patience: Patience = patienceOf(LIMIT_MS),
): Promise<Handed> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    // A daemon that ends waits for nobody.
    socket.unref();
    const replies = new SmtpReplies();
    let isHandedOver = false;
    let stopWaiting = (): void => undefined;
    const end = (outcome: Handed): void => {
      stopWaiting();
      socket.destroy();
      resolve(outcome);
    };
    const lost = (why: string): void => end(isHandedOver ? inDoubt(why) : held(`${host}:${port}: ${why}`));
    const wait = (): void => {
      stopWaiting();
      stopWaiting = patience(() => lost('no answer in time'));
    };
    const talk = conversation(envelope);
    const hear = (reply: Reply): void => {
      const next = talk(reply);
      if (next.kind === 'end') {
        // The answer counts; the farewell is for its peace.
        stopWaiting();
        socket.end('QUIT\r\n').setTimeout(FAREWELL_MS, () => socket.destroy());
        return resolve(next.outcome);
      }
      isHandedOver ||= next.isLast;
      wait();
      socket.write(next.line);
    };
    wait();
    socket.on('data', (chunk) => {
      for (const reply of replies.read(chunk.toString('latin1'))) if (!socket.destroyed) hear(reply);
      if (replies.isBroken) lost('it does not speak SMTP');
    });
    socket.on('error', (error) => lost(messageOf(error)));
    socket.on('close', () => lost('it hung up'));
  });
}

type Next =
  | { readonly kind: 'say'; readonly line: string; readonly isLast: boolean }
  | { readonly kind: 'end'; readonly outcome: Handed };

/** Gives what to say to each reply, in turn. */
function conversation({ from, to, greeting, mail }: Envelope): (reply: Reply) => Next {
  const lines = [`EHLO ${greeting}`, `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA'];
  const dotted = mail.replaceAll(/^\./gm, '..');
  let step = 0;
  return (reply) => {
    const words = `${reply.code} ${visible(reply.text).slice(0, LONGEST_DETAIL)}`;
    if (step === 5)
      return ended(reply.code < 300 ? taken(words) : reply.code < 500 ? held(words) : refused(words));
    const isWell = step === 4 ? reply.code === 354 : reply.code < 300;
    if (!isWell && step === 1 && lines[0] !== `HELO ${greeting}` && reply.code >= 500) {
      lines[0] = `HELO ${greeting}`;
      return say(lines[0]);
    }
    // Before a mail is begun it is the server that is not well, not the mail.
    if (!isWell) return ended(reply.code < 500 || step < 2 ? held(words) : refused(words));
    step += 1;
    return step === 5 ? say(`${dotted}.`, true) : say(lines[step - 1] ?? '');
  };
}

function say(line: string, isLast = false): Next {
  return { kind: 'say', line: `${line}\r\n`, isLast };
}

function ended(outcome: Handed): Next {
  return { kind: 'end', outcome };
}
