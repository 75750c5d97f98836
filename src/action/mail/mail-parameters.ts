/**
 * The parameters of the actions that mail: from whom, to whom, and where `smtp.py` hands it over.
 * Takes them as configured; gives addresses and server, or a BailiffError. Opens nothing.
 */
import { BailiffError } from '../../lib/errors.js';
import { type HostPort, hostPortOf } from '../../lib/host-port.js';
import { visible } from '../../lib/visible-text.js';
import type { ActionDefect, ActionOptions } from '../options.js';
import { parameterDefects } from '../parameter-defects.js';
import { mailAddress, mailAddresses } from './mail-address.js';

/** What `native` says of them. */
export const MAIL_NATIVES = ['sendmail', 'sendmail-whois', 'sendmail-whois-lines', 'smtp'] as const;

const SMTP_PORT = 25;

type Parameters = ActionOptions['parameters'];

/** @param host this host's full name. @throws BailiffError `action.mail-address`. */
export function senderOf({ sender }: Parameters, host: string): string {
  return mailAddress(sender ?? `root@${host}`);
}

/** @throws BailiffError `action.mail-address`. */
export function recipientsOf({ dest }: Parameters): readonly string[] {
  return mailAddresses(dest ?? 'root');
}

/** The server of `smtp.py`. @throws BailiffError `action.mail-login` or `action.mail-server`. */
export function serverOf(parameters: Parameters): HostPort {
  refuseLogin(parameters);
  return serverAt(parameters['host'] ?? 'localhost', SMTP_PORT);
}

/** `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`. @throws BailiffError `action.mail-server`. */
export function serverAt(text: string, port: number): HostPort {
  const server = hostPortOf(text, port);
  if (server !== undefined) return server;
  throw new BailiffError('action.mail-server', `\`${visible(text)}\` is no HOST:PORT.`, {
    remedy: 'Write one such as 127.0.0.1:25.',
  });
}

/** What of an action that mails does not hold. */
export function mailDefects(
  native: (typeof MAIL_NATIVES)[number],
  parameters: Parameters,
): readonly ActionDefect[] {
  return parameterDefects([
    ['sender', () => senderOf(parameters, 'localhost')],
    ['dest', () => recipientsOf(parameters)],
    ...(native === 'smtp'
      ? ([
          ['user', () => refuseLogin(parameters)],
          ['host', () => serverOf({ ...parameters, user: '' })],
        ] as const)
      : []),
  ]);
}

function refuseLogin({ user = '' }: Parameters): void {
  if (user === '') return;
  throw new BailiffError('action.mail-login', 'Bailiff does not log in to a mail server.', {
    remedy: 'Let the mail server of this host send it on, and leave out host, user and password.',
  });
}
