/**
 * Whether what a native action is told can be done: what the reading of a configuration asks of those that mail, tell and
 * report. Takes the action and the name of the jail's filter; gives what does not hold, parameter by parameter. Opens
 * nothing, and reads no secret that the daemon alone may read.
 */
import { MAIL_NATIVES, mailDefects } from '../action/mail/mail-parameters.js';
import type { ActionDefect, ActionOptions } from '../action/options.js';
import { accountDefects } from '../action/report/account.js';
import { contradiction } from '../action/report/categories.js';
import { RECEIVER_KINDS, receiverDefects } from '../action/webhook/receiver.js';

export function checkAction({ native, parameters }: ActionOptions, filter: string): readonly ActionDefect[] {
  const mail = MAIL_NATIVES.find((each) => each === native);
  if (mail !== undefined) return mailDefects(mail, parameters);
  const receiver = RECEIVER_KINDS.find((each) => each === native);
  if (receiver !== undefined) return receiverDefects(receiver, parameters);
  if (native !== 'abuseipdb') return [];
  const parameter = 'abuseipdb_category';
  const error = contradiction(parameters[parameter] ?? '', filter);
  const ofCategory: readonly ActionDefect[] =
    error === undefined ? [] : [{ severity: 'warning', parameter, error }];
  return [...accountDefects(parameters), ...ofCategory];
}
