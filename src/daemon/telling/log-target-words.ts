/** Which targets of the log are words for something else than a file: Bailiff's own and Fail2Ban's. */
const NO_FILE = /^(?:NONE|JOURNAL|STDERR|STDOUT|SYSOUT|SYSLOG|SYSTEMD-JOURNAL)(?:$|\[)/i;

export function isLogFile(target: string): boolean {
  return !NO_FILE.test(target);
}
