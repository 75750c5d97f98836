/**
 * Configurations that look for trouble: files by relative path, written for this test. `@` stands for the directory.
 */
export type Files = Readonly<Record<string, string>>;

const FILTER = '[Definition]\nfailregex = ^bad <HOST>$\n';
const ACTION = '[Definition]\nactionban = ban <ip> in <name>\nactionunban = unban <ip>\n';
const BASE: Files = {
  'filter.d/f.conf': FILTER,
  'action.d/a.conf': ACTION,
  'log/x.log': '',
  'fail2ban.conf': '[Definition]\n',
};

/** By what each is nasty in. */
export const nastyConfigurations: Readonly<Record<string, Files>> = {
  'layers of files': {
    ...BASE,
    'jail.conf':
      '[DEFAULT]\nbantime = 1\nfindtime = 2\nmaxretry = 3\nlogpath = @/log/x.log\nbackend = polling\n' +
      '[one]\nfilter = f\naction = a\nignoreip = 192.0.2.1\n[two]\nenabled = true\nfilter = g\n',
    'jail.d/20-b.conf': '[one]\nbantime = 20\nignoreip = 192.0.2.20\n',
    'jail.d/10-a.conf': '[one]\nbantime = 10\nenabled = true\nmaxretry = 1%(default/maxretry)s\n',
    'jail.local': '[DEFAULT]\nfindtime = 22\n[one]\nignoreip = %(known/ignoreip)s\n  198.51.100.1\n',
    'jail.d/05-c.local': '[one]\nmaxretry = 9\n[three]\nenabled = yes\nfilter = f\naction = a[actname=x]\n',
    'filter.d/f.local':
      '[Definition]\nfailregex = %(known/failregex)s\n  ^worse <HOST>$\nignoreregex = ^fine\n',
    'filter.d/f.d/more.conf': '[Definition]\nmaxlines = 4\n',
    'filter.d/f.d/last.local': '[Definition]\n_last = <known/maxlines> %(known/maxlines)s\nmaxlines = 5\n',
    'filter.d/g.conf': '[INCLUDES]\nbefore = f.conf\n[Definition]\nignoreregex = ^g %(known/failregex)s$\n',
    'action.d/a.d/x.conf': '[Init]\ncolour = red\n',
    'action.d/a.local': '[Definition]\nactionban = %(known/actionban)s <colour>\n',
  },
  'files that draw in others': {
    ...BASE,
    'paths.conf': '[DEFAULT]\nthe_log = @/log/x.log\nown = paths\n',
    'paths.local': '[DEFAULT]\nown = paths local\n',
    'after.conf': '[INCLUDES]\nbefore = jail.conf\n[DEFAULT]\nbantime = 99\n[one]\nfindtime = 98\n',
    'jail.conf':
      '[INCLUDES]\nbefore = paths.conf\n   missing.conf\nafter = after.conf\n[DEFAULT]\nbantime = 1\nsender = %(own)s\n' +
      '[one]\nenabled = 1\nfilter = h\nlogpath = %(the_log)s\naction = a[sender="%(sender)s"]\n',
    'filter.d/common.conf':
      '[INCLUDES]\nafter = common-more.conf\n[DEFAULT]\n_p = \\s*\n[Definition]\n_q = q\n',
    'filter.d/common.local': '[DEFAULT]\n_p = \\s+\n',
    'filter.d/common-more.conf': '[Definition]\n_q = more\n',
    'filter.d/h.conf':
      '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^%(_p)s%(_q)s <HOST>\nignoreregex = %(_q)s\n' +
      '  <_q>\n',
    'action.d/b.conf': '[INCLUDES]\nbefore = a.conf\n[Definition]\nactionstart = start <actionban>\n',
  },
  'references in references': {
    ...BASE,
    'jail.conf':
      '[DEFAULT]\nlogpath = @/log/x.log\na1 = %(a2)s.\na2 = %(a3)s.\na3 = %(a4)s.\na4 = %(a5)s.\na5 = end%%\nPORT = 25\n' +
      'common = %(__name__)s/%(port)s\nonly = default\n' +
      '[one]\nenabled = on\nfilter = f\nport = %(two/port)s,%(default/port)s\nonly = one\n' +
      'action = a[x="%(a1)s", y="%(Common)s", z="%(two/only)s %(default/only)s %(two/common)s"]\n' +
      '[two]\nport = 4%(only)s\n[three]\nenabled = true\nfilter = f\naction = a[p="%(one/port)s", v="%(fail2ban_version)s"]\n' +
      '  a[actname=second, conf=%(fail2ban_confpath)s]\n',
  },
  'parameters of every shape': {
    ...BASE,
    'action.d/p.conf':
      '[Definition]\nactionstart = start <q> <b> <nl> <two words> <br>\nactionban = ban <ip> <blocktype> "<q>" [<list>]\n' +
      'actionunban =\n[Init]\nq = none\nb = \nblocktype = reject\nlist = 1, 2\n[Init?family=inet6]\nblocktype = reject6\n' +
      '[Definition?family=inet6]\nactionban = six <ip>\n',
    'filter.d/m.conf':
      '[Definition]\nfailregex = <re-<mode>>\nre-normal = ^n <HOST> <x>$\nre-odd = ^o <HOST> "<x>"$\n  ^o2 <HOST>\nmode = normal\n' +
      '[Init]\nx = init\n',
    'jail.conf':
      '[DEFAULT]\nlogpath = @/log/x.log\nbackend = auto\nenabled = true\n' +
      '[one]\nfilter = m[mode=odd, x="a, b]"]\n' +
      'action = p[q="say \'hi\'", b=\'[x]\', nl="line 1\n   line 2\n   line 3", list="a, b"][blocktype=drop][name=%(__name__)s-tcp]\n' +
      '[two]\nfilter = m[x=\'"quoted"\']\naction = p[q=,b=plain text ,blocktype=" spaced "]\n' +
      '[three]\nfilter = m[ mode="odd", x=]\naction = p[actname=p2]  p[ actname=p3, q=1 ]\n    p[]\n',
  },
  'comments, blanks and letters of the world': {
    ...BASE,
    'filter.d/u.conf':
      '# ünïcode\n[Definition]\n; a comment\nfailregex = ^größe <HOST>$ ; not this\n# within\n            ^日本 <HOST>\n\n   ^Ж <HOST>#$\n' +
      '    ; gone\n    ^last <HOST>\nignoreregex :\ndatepattern : %%Y-%%m ; x\n  {^LN-BEG}\n_x=y=z: w\n',
    'action.d/u.conf':
      '[Definition]\nactionban = echo é "ñ" \\u00e9 \\n\n   # comment\n   second;third\n     deeper = x\n\n\n   fourth\n\nactionunban=x;y\n',
    'jail.conf':
      '[DEFAULT]\nLogPath = @/log/x.log\n\n# ignoreip = 127.0.0.1\nbantime  =  5m ; five\n\n[größe]\nenabled: TRUE\nfilter=u\naction=u\n' +
      '[with space]\nenabled = true\nfilter = u[logtype=file]\naction = u\n   ; nothing\n   a[k="v;w", l="x; y"]\nmaxretry   =   4\n',
  },
  'yes, no, times and numbers in every spelling': {
    ...BASE,
    'jail.conf':
      '[DEFAULT]\nlogpath = @/log/x.log\nfilter = f\nignoreself = YES\nbantime.increment = On\nbantime.overalljails = no\n' +
      'bantime.factor = 2.0 / 2.885385\nbantime.formula = ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor\n' +
      'bantime.multipliers = 1 5 30 60 300 720 1440 2880\nbantime.maxtime = 1w\nbantime.rndtime = 30m\nbantime = 1h 30m\n' +
      'findtime = 1d12h\nmaxretry = +5\nmaxmatches = 0\n' +
      '[one]\nenabled = True\nbantime = -1\n[two]\nenabled = 0\n[three]\nenabled = oN\nignoreself = 0\nbantime = 1year-6mo\n' +
      '[four]\nenabled = off\n[five]\nenabled = yes\nignoreself = FALSE\nmaxretry = 007\nbantime.maxtime =\n[six]\nenabled = 1\nlogtimezone = UTC+0200\n' +
      'logencoding = latin-1\nignorecommand = /bin/check <ip> "%%s"\nignorecache = key="<F-USER>@<ip-host>", max-count=100, max-time=5m\n',
  },
  'lists of actions': {
    ...BASE,
    'action.d/native.conf':
      '[Definition]\nactionstart = start <name> <port>\nactionstart_on_demand = yes\nactionstop = stop\nactionflush = flush <name>\n' +
      'actionreload =\nactioncheck = check\nactionrepair_on_unban = 1\nactionban = ban <ip> <bantime> <failures>\n' +
      'actionprolong = prolong\nactionreban = <actionban> again\nactionunban = unban\nnorestored = True\ntimeout = 30\nother = <port> x\nactionrepair = <maxretry> <findtime> <backend> <bantime> <timeout> <ignoreself> <logpath> <enabled>\n[Init]\nport = 0\n',
    'jail.conf':
      '[DEFAULT]\nlogpath = @/log/x.log\nfilter = f\nport = 25\nignoreself = yes\nbantime = 1h\nmaxretry = 03\nfindtime = 2h\nbanaction = native\n' +
      'action_ = %(banaction)s[port="%(port)s"]\naction_m = %(action_)s\n            a[dest="%(dest)s"]\ndest = me@example.org\n' +
      'action = %(action_)s\n' +
      '[one]\nenabled = true\naction = %(action_m)s\n\n   native[actname=native-2, name=%(__name__)s-udp, actionban="mine <ip>"]\n' +
      '[two]\nenabled = true\n[three]\nenabled = true\naction = native[name=other] native[name=three-x] a[timeout=5]\n' +
      '[four]\nenabled = true\naction =\n[five]\nenabled = true\naction = smtp.py[host="localhost", actname=mailer]\n  native[norestored=0]\n',
  },
  'ways to listen': {
    ...BASE,
    'filter.d/j.conf':
      '[Definition]\nfailregex = ^<lt-<logtype>> <HOST>\nlt-file = file\nlt-journal = journal\n[Init]\njournalmatch = _SYSTEMD_UNIT=a.service + _COMM=b\n   _UID=0 "MESSAGE=a b"\n',
    'filter.d/k.conf':
      '[Definition]\nlogtype = short\nfailregex = ^<logtype> <HOST>\njournalmatch = _COMM=k\n',
    'log/y.txt': '',
    'jail.conf':
      '[DEFAULT]\nenabled = true\n' +
      '[one]\nfilter = j\nbackend = systemd[journalflags=1, namespace="x y"]\nlogpath = /nowhere\n' +
      '[two]\nfilter = j\nbackend = systemd\njournalmatch = _COMM=own\n' +
      '[three]\nfilter = j\nbackend = pyinotify\nlogpath = @/log/?.lo[a-g] tail\n   @/log/y.txt head\n   @/log/x.log\n' +
      '[four]\nfilter = k\nbackend = systemd\njournalmatch = _COMM=first\n  _COMM=second + _PID=1\n' +
      '[five]\nfilter = k[logtype=journal]\nbackend = polling\nlogpath = @/log/[xy].l*\n  @/log/[!x].t*\n' +
      '[six]\nfilter = k\nbackend = systemd\njournalmatch =\n',
  },
  'what a jail sets over its filter': {
    ...BASE,
    'filter.d/o.conf':
      '[Definition]\nprefregex = ^p <F-CONTENT>.+</F-CONTENT>$\nfailregex = ^a <HOST>\n  ^b <HOST>\nignoreregex = ^i\nmaxlines = 2\nusedns = no\n' +
      'datepattern = {NONE}\n_word = [a-z]+\nsuccessregex = ^never\n',
    'filter.d/e.conf':
      '[Definition]\nfailregex = ^<x> <HOST>\nignoreregex =\ndatepattern =\nprefregex =\n[Init]\nx = y\n',
    'jail.conf':
      '[DEFAULT]\nlogpath = @/log/x.log\nenabled = true\nusedns = warn\n' +
      '[one]\nfilter = o\nfailregex = %(known/failregex)s\n   ^c <HOST> %(known/_word)s\nmaxlines = 7\n' +
      '[two]\nfilter = o\nignoreregex =\nprefregex = ^%(known/_word)s <F-CONTENT>.*</F-CONTENT>$\ndatepattern = ^%%Y\n  EPOCH\n' +
      '[three]\nfilter = e\nfailregex =\n   ^only <HOST>\nignoreregex = %(known/ignoreregex)s\n  ^x\nusedns = raw\n' +
      '[four]\nfilter = e[x="z"]\nfilter.extra = 1\nignoreip = 192.0.2.1,192.0.2.2\n  2001:db8::/32 , host.example\n\n',
  },
  'jails that do not hold, and the program': {
    ...BASE,
    'fail2ban.conf':
      '[DEFAULT]\nloglevel = info\n[Definition]\nlogtarget = SYSLOG[facility=mail, format="%%(message)s"]\nsyslogsocket = /dev/log\n' +
      'dbfile = None\ndbpurgeage = 1mo\nsocket = /run/x.sock\npidfile = /run/x.pid\n[Thread]\nstacksize = 64\n',
    'fail2ban.local': '[Definition]\nloglevel = DEBUG\ndbmaxmatches = 3\n',
    'fail2ban.d/x.conf': '[Definition]\nallowipv6 = no\n[Thread]\nstacksize = 32\n',
    'jail.conf':
      '[DEFAULT]\nlogpath = @/log/x.log\nenabled = true\nfilter = f\naction = a\n[one]\nfilter = nosuch\n[two]\n[three]\naction = missing[x=1]\n' +
      '[four]\nbackend = systemd\n[five]\nfilter = f[mode="x"]\naction = a[actname=1]\n   a[actname=2]\n',
  },
  'tags in tags': {
    ...BASE,
    'action.d/t.conf':
      '[DEFAULT]\nroot = <deep/one>\n[Definition]\nactionstart = <a-<which>> <known/blocktype> <deep/one> <deep/none> <unknown> <HOST> <F-USER>\n' +
      'actionban = <actionstart> | <ip> <<nested>> <cmd> < a > <a\nactionunban = <root>\na-x = chosen x <blocktype>\na-y = chosen y\nwhich = x\n' +
      'nested = i<p>\np = p\ncmd = <iptables> -A <chain>\niptables = ipt <opt>\n[deep]\none = 1 <which>\n[Init]\nblocktype = B<which>\nchain = IN\nopt = -w\n' +
      '[Init?family=inet6]\niptables = ip6t <opt>\nblocktype = B6\n',
    'filter.d/t.conf':
      '[DEFAULT]\n_d = D\n[Definition]\nfailregex = ^<a-<b>> <sub/x> <known/i> <i> <_d> <HOST> <F-X>.*</F-X> <IP4>?\na-1 = first <c>\nb = 1\nc = (?P<q>x)(?P=q)\n' +
      'ignoreregex = <failregex>\n[sub]\nx = from sub <b>\n[Init]\ni = init\n',
    'jail.conf':
      '[DEFAULT]\nlogpath = @/log/x.log\nenabled = true\n[one]\nfilter = t\naction = t[which=y, blocktype="<known/blocktype>+"]\n' +
      '[two]\nfilter = t[i="mine <known/i>", c="(?:c)"]\naction = t[which="<known/opt>", opt="<chain>"]\n',
  },
};
