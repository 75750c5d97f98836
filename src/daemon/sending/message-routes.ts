/**
 * Where the messages of an action go: a mailbox each for mails, a receiver for a webhook.
 * Takes the action's parameters and Bailiff's settings; gives the routes, or a BailiffError. Opens nothing.
 */
import { MailCarrier, type MailRoute, type MailWay } from '../../action/mail/mail-carrier.js';
import {
  MAIL_NATIVES,
  recipientsOf,
  senderOf,
  serverAt,
  serverOf,
} from '../../action/mail/mail-parameters.js';
import { SENDMAIL } from '../../action/mail/sendmail.js';
import type { Carrier } from '../../action/message/message.js';
import type { RateOptions } from '../../action/message/rate.js';
import type { ActionOptions } from '../../action/options.js';
import type { HttpsExchange } from '../../action/report/https-exchange.js';
import { AppriseCarrier } from '../../action/webhook/apprise-carrier.js';
import { labelOf, RECEIVER_KINDS, type Receiver, receiverOf } from '../../action/webhook/receiver.js';
import { WebhookCarrier } from '../../action/webhook/webhook-carrier.js';
import type { ProgramSettings } from '../../config/program-settings.js';

export const MESSAGE_NATIVES: readonly string[] = [...MAIL_NATIVES, ...RECEIVER_KINDS];

const SMTP_PORT = 25;
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
  const from = senderOf(parameters, host);
  const fromName = parameters['sendername']?.trim() || 'Bailiff';
  const via = 'port' in way && native === 'smtp' ? ` by ${way.host}:${way.port}` : '';
  return recipientsOf(parameters).map((to) => {
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
  if (native === 'smtp') return serverOf(parameters);
  return mailer === 'sendmail' ? { program: SENDMAIL } : serverAt(smtpHost, SMTP_PORT);
}
