/**
 * Where the messages of an action go: a mailbox each for mails, a receiver for a webhook.
 * Takes the action's parameters and Bailiff's settings; gives the routes, or a BailiffError. Opens nothing.
 */
import { mailAddress, mailAddresses } from '../action/mail/mail-address.js';
import { MailCarrier, type MailRoute, type MailWay } from '../action/mail/mail-carrier.js';
import { SENDMAIL } from '../action/mail/sendmail.js';
import type { Carrier } from '../action/message/message.js';
import type { RateOptions } from '../action/message/rate.js';
import type { ActionOptions } from '../action/options.js';
import type { HttpsExchange } from '../action/report/https-exchange.js';
import { AppriseCarrier } from '../action/webhook/apprise-carrier.js';
import { labelOf, RECEIVER_KINDS, type Receiver, receiverOf } from '../action/webhook/receiver.js';
import { WebhookCarrier } from '../action/webhook/webhook-carrier.js';
import type { ProgramSettings } from '../config/program-settings.js';
import { BailiffError } from '../lib/errors.js';

export const MAIL_NATIVES = ['sendmail', 'sendmail-whois', 'sendmail-whois-lines', 'smtp'] as const;
export const MESSAGE_NATIVES: readonly string[] = [...MAIL_NATIVES, ...RECEIVER_KINDS];

const HOUR_MS = 3_600_000;
/** A program of one's own takes many, each with up to 250 bans. */
const WEBHOOK_RATE: RateOptions = { most: 60, spanMs: 60_000 };

export type MessageSettings = Pick<ProgramSettings, 'mailer' | 'smtpHost' | 'mailRate'>;

export interface RouteParts {
  readonly settings: MessageSettings;
  /** This host's full name. */
  readonly host: string;
  readonly exchange: HttpsExchange;
}

export interface MessageRoute {
  /** Its name in the outbox; two routes of one name are one. */
  readonly courier: string;
  readonly rate: RateOptions;
  readonly tellsWhois: boolean;
  readonly tellsLines: boolean;
  /** What it depends on, to see whether it changed. Holds secrets: it stays in memory. */
  readonly basis: MailRoute | Receiver;
  readonly carrier: () => Carrier;
}

/** @throws BailiffError `action.mail-*` or `action.webhook-*`. */
export function routesOf(
  { native, parameters }: Pick<ActionOptions, 'native' | 'parameters'>,
  { settings, host, exchange }: RouteParts,
): readonly MessageRoute[] {
  const rate = { most: settings.mailRate, spanMs: HOUR_MS };
  const kind = RECEIVER_KINDS.find((each) => each === native);
  if (kind !== undefined) {
    const receiver = receiverOf(kind, parameters);
    return [
      {
        courier: labelOf(receiver),
        rate: kind === 'webhook' ? WEBHOOK_RATE : rate,
        tellsWhois: false,
        tellsLines: false,
        basis: receiver,
        carrier: () =>
          receiver.kind === 'apprise'
            ? new AppriseCarrier(receiver.configuration)
            : new WebhookCarrier({ receiver, host, exchange }),
      },
    ];
  }
  const way = wayOf(native, parameters, settings);
  const from = mailAddress(parameters['sender'] ?? `root@${host}`);
  const fromName = parameters['sendername']?.trim() || 'Bailiff';
  const via = 'port' in way && native === 'smtp' ? ` by ${way.host}:${way.port}` : '';
  return mailAddresses(parameters['dest'] ?? 'root').map((to) => {
    const basis: MailRoute = { way, from, fromName, to, host };
    return {
      courier: `mail to ${to} from ${from}${via}`,
      rate,
      tellsWhois: native?.includes('whois') ?? false,
      tellsLines:
        native === 'sendmail-whois-lines' || /^(?:yes|true|1|on)$/i.test(parameters['matches'] ?? ''),
      basis,
      carrier: () => new MailCarrier(basis),
    };
  });
}

function wayOf(
  native: string | undefined,
  parameters: ActionOptions['parameters'],
  { mailer, smtpHost }: MessageSettings,
): MailWay {
  if (native === 'smtp') {
    if ((parameters['user'] ?? '') !== '')
      throw new BailiffError('action.mail-login', 'Bailiff does not log in to a mail server.', {
        remedy: 'Let the mail server of this host send it on, and leave out host, user and password.',
      });
    return placeOf(parameters['host'] ?? 'localhost', 25);
  }
  return mailer === 'sendmail' ? { program: SENDMAIL } : placeOf(smtpHost, 25);
}

/** `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`. @throws BailiffError `action.mail-server`. */
export function placeOf(text: string, port: number): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, written] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const host = bracketed ?? plain;
  const number = written === undefined ? port : Number(written);
  if (host !== undefined && number > 0 && number < 65_536) return { host, port: number };
  throw new BailiffError('action.mail-server', `\`${text}\` is no HOST:PORT.`, {
    remedy: 'Write one such as 127.0.0.1:25.',
  });
}
