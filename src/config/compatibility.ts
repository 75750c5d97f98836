/**
 * What configuration written for Fail2Ban may ask about the program that reads it.
 */

/** The version whose dialect is read: Debian 13's. */
export const FAIL2BAN_VERSION = '1.1.0';

/** `%(x)s` that hold in every definition. */
export const DEFINITION_GIVEN: ReadonlyMap<string, string> = new Map([
  ['fail2ban_version', FAIL2BAN_VERSION],
]);
