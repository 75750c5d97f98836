/**
 * Carries messages to one mailbox. Takes where mail goes out, from whom and to whom; each message becomes a mail.
 */
import { randomUUID } from 'node:crypto';
import type { Carrier, Handed, Message } from '../message/message.js';
import type { Patience } from '../message/patience.js';
import { mimeMail } from './mime.js';
import { sendBySendmail } from './sendmail.js';
import { sendBySmtp, type SmtpPlace } from './smtp.js';

/** How mail goes out: to a server, or through a program. */
export type MailWay = SmtpPlace | { readonly program: string };

export interface MailRoute {
  readonly way: MailWay;
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  /** This host's full name. */
  readonly host: string;
}

export class MailCarrier implements Carrier {
  readonly #route: MailRoute;
  readonly #patience: Patience | undefined;

  constructor(route: MailRoute, patience?: Patience) {
    this.#route = route;
    this.#patience = patience;
  }

  hand({ title, text }: Message, nowMs: number): Promise<Handed> {
    const { way, from, fromName, to, host } = this.#route;
    const greeting = /^[A-Za-z0-9.-]{1,253}$/.test(host) ? host : 'localhost';
    const messageId = `bailiff.${randomUUID()}@${greeting}`;
    const mail = mimeMail({ from, fromName, to, title, text, atMs: nowMs, messageId });
    return 'program' in way
      ? sendBySendmail({ from, to, mail }, way.program, this.#patience)
      : sendBySmtp(way, { from, to, mail, greeting }, this.#patience);
  }
}
