/** What `fail2ban-client --help` prints: the same words and options, told in our own. */
export const CLIENT_HELP = `Usage: fail2ban-client [OPTIONS] <COMMAND>

Speaks to Bailiff as fail2ban-client speaks to Fail2Ban: same words, same output, exit status 0 or 255.

Options:
  -c, --conf DIR       configuration directory
  -s, --socket FILE    the daemon's socket
  -d                   print the configuration as Fail2Ban's command stream
  --dp, --dump-pretty  the same
  -t, --test           test the configuration; may stand before a command
  -i                   interactive: one command a line, \`exit\` ends it
  -v, -q               say more, say less
  --timeout TIME       how long \`start\` waits for the daemon
  --str2sec TIME       print a time in seconds
  -V                   print the version of Fail2Ban that is spoken
  --version            the same with a name
  -h, --help           this text
  -p, --pidfile, --pname, --loglevel, --logtarget, --syslogsocket, -x, -b, -f, --async
                       taken and not needed

The daemon:
  start, stop, restart                 stop lifts the bans
  reload [--restart] [--unban] [--if-exists] [--all|JAIL]
  restart [--unban] [--if-exists] JAIL
  ping [SECONDS], version, echo, flushlogs
  status [--all|JAIL [basic|short|cymru|stats]], stats, statistics
  get|set loglevel, logtarget, syslogsocket, dbfile, dbmaxmatches, dbpurgeage

Bans:
  banned [IP]...                       who is banned, or in which jails an address is
  unban --all | IP...                  lift bans in every jail
  set JAIL banip IP...                 ban
  set JAIL unbanip [--report-absent] IP...
  set JAIL attempt IP [LINE]...        count a failure
  get JAIL banip [SEPARATOR|--with-time]
  get JAIL banned [IP]...

Jails:
  add JAIL [BACKEND], start JAIL, stop JAIL
  set JAIL idle on|off
  get|set JAIL ignoreself, ignorecommand, ignorecache, findtime, bantime, maxretry, maxmatches, maxlines, usedns,
               datepattern, logencoding, logtimezone, prefregex, bantime.increment and its like
  get JAIL ignoreip, logpath, journalmatch, failregex, ignoreregex
  set JAIL addignoreip|delignoreip IP, addlogpath FILE [head|tail], dellogpath FILE,
           addjournalmatch|deljournalmatch MATCH, addfailregex|addignoreregex EXPRESSION,
           delfailregex|delignoreregex INDEX
  get JAIL actions, actionproperties|actionmethods ACTION, action ACTION PROPERTY
  set JAIL addaction|delaction ACTION, action ACTION PROPERTY VALUE

Example:
  fail2ban-client set sshd unbanip 192.0.2.1`;
