/** Lines that a failed sign-in writes, each of a connection of its own. */

/** sshd's message for a wrong password. */
export function failedPassword(address: string, index: number, user = 'root'): string {
  return `Failed password for ${user} from ${address} port ${1024 + (index % 60_000)} ssh2`;
}

/** The same as a syslog file has it, now; `pid` tells the connections apart. */
export function syslogLine(message: string, pid: number, timeMs = Date.now()): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}+00:00 mx sshd[${pid}]: ${message}\n`;
}
