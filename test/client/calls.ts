/**
 * The calls of fail2ban-client that are held against Fail2Ban's own, in the order in which they are made: each changes
 * what the next ones find. `LOGS` stands for the folder of log files. A table of data.
 */
export interface Call {
  readonly words: readonly string[];
  /** What is typed in interactive mode. */
  readonly input?: string;
  /** Why the output differs by design; the exit status is compared all the same. */
  readonly differs?: string;
  /** What Fail2Ban does after it has answered is waited for: the call is made until it prints this. */
  readonly until?: string;
}

const said = (...lines: readonly string[]): readonly Call[] =>
  lines.map((line) => ({ words: line.split(' ').filter((word) => word !== '') }));
const call = (...words: readonly string[]): Call => ({ words });

const asking: readonly Call[] = said(
  'ping', 'ping 1', 'ping x', 'version', 'echo', 'echo a b c', 'server-status', 'config-error x', 'config-error',
  'sleep 0', 'sleep x', 'nonsense', 'help', 'multi-set',
  'status', 'status login', 'status login short', 'status login basic', 'status login stats', 'status login cymru',
  'status login nonsense', 'status --all', 'status --all short', 'status --all stats', 'status nope', 'status login a b',
  'status -s x', 'stats', 'statistic', 'statistics', 'banned', 'banned 192.0.2.1', 'banned 192.0.2.1 192.0.2.2',
  'get', 'get login', 'get nope', 'get nope bantime', 'get login nonsense', 'set', 'set login', 'set login nonsense',
  'set login nonsense 3', 'set nope bantime 3', 'set nope nonsense 3', 'set nope maxretry x', 'set nope bantime x',
  'get loglevel', 'get logtarget', 'get syslogsocket', 'get dbfile', 'get dbmaxmatches', 'get dbpurgeage', 'get thread',
  'get login logpath', 'get spam logpath', 'get login logencoding', 'get login journalmatch', 'get login ignoreself',
  'get login ignoreip', 'get spam ignoreip', 'get login ignorecommand', 'get login ignorecache', 'get login prefregex',
  'get spam prefregex', 'get login failregex', 'get spam failregex', 'get login ignoreregex', 'get spam ignoreregex',
  'get login usedns', 'get login findtime', 'get login datepattern', 'get spam datepattern', 'get login logtimezone',
  'get login maxmatches', 'get login maxretry', 'get login maxlines', 'get login bantime',
  'get login bantime.increment', 'get spam bantime.increment', 'get spam bantime.maxtime', 'get spam bantime.nonsense',
  'get login banip', 'get login banip --with-time', 'get login actions', 'get login action nothing actionban',
  'get login action nothing timeout', 'get login action nothing color', 'get login action nothing name',
  'get login action second actname', 'get login action nothing nonsense', 'get login action nope actionban',
  'get login action nothing', 'get login action', 'get login actionproperties nothing',
  'get login actionproperties second', 'get login actionproperties nope', 'get login actionproperties',
  'get login actionmethods nothing', 'get nope actions',
); // prettier-ignore

const settings: readonly Call[] = [
  ...said(
    'set login idle on', 'set login idle off', 'set login idle maybe', 'set login idle', 'set login ignoreself true',
    'set login ignoreself off', 'set login addignoreip 203.0.113.0/28', 'set login addignoreip',
    'set login addignoreip host.invalid 198.51.100.0/24', 'set login delignoreip 203.0.113.0/28',
    'set login delignoreip 203.0.113.0/28', 'set login delignoreip', 'set nope addignoreip 1.2.3.4',
    'set spam addignoreip 203.0.113.9', 'set spam addignoreip 203.0.113.9', 'set spam delignoreip 203.0.113.9',
    'set login findtime 5m', 'set login findtime 1month', 'get login findtime', 'set login findtime nonsense',
    'set login findtime', 'set login findtime 600', 'set login maxmatches 7', 'set login maxmatches x',
    'set login maxretry 4', 'set login maxretry x', 'set login maxretry 0', 'set login maxretry -1',
    'set login maxretry 3', 'set login bantime 2h', 'set login bantime -1', 'set login bantime 1month',
    'set login bantime nonsense', 'set login bantime 3600', 'set login usedns yes', 'get login failregex',
    'set login usedns nonsense', 'get login usedns', 'set login logtimezone UTC+0200', 'get login logtimezone',
    'set login logtimezone nonsense', 'set login maxlines 3', 'set login maxlines 0', 'set login maxlines x',
    'set login maxlines 1', 'set login logencoding ascii', 'set login logencoding auto',
    'set login logencoding nonsense', 'set login logencoding utf-8', 'set login bantime.increment true',
    'set login bantime.factor 2', 'set login bantime.maxtime 1d', 'get login bantime.maxtime',
    'set login bantime.rndtime 5m', 'set login bantime.overalljails yes', 'set login bantime.nonsense yes',
    'set login bantime.increment false', 'set nope bantime.increment true', 'set login bantime.increment',
  ),
  call('set', 'login', 'bantime.formula', 'ban.Time * 2'),
  call('set', 'login', 'bantime.formula', ''),
  call('set', 'login', 'bantime.multipliers', '1 2 4'),
  call('set', 'login', 'bantime.multipliers', '1 x'),
  call('set', 'login', 'bantime.multipliers', '1 2'),
  call('set', 'login', 'bantime.maxtime', ''),
  call('set', 'login', 'ignorecommand', '/bin/true <ip>'),
  call('get', 'login', 'ignorecommand'),
  call('set', 'login', 'ignorecommand', ''),
  call('set', 'login', 'ignorecache', 'key="<ip>", max-count=7, max-time=1h'),
  call('get', 'login', 'ignorecache'),
  call('set', 'login', 'ignorecache', 'nonsense'),
  call('set', 'login', 'ignorecache', ''),
]; // prettier-ignore

const hearing: readonly Call[] = [
  ...said(
    'set login addlogpath LOGS/absent.log', 'set login addlogpath LOGS/spam.log tail',
    'set login addlogpath LOGS/spam.log middle', 'set login addlogpath LOGS/spam.log a b',
    'set login addlogpath LOGS/login.log', 'set login dellogpath LOGS/spam.log', 'set login dellogpath /nope',
    'set login addlogpath', 'set nope addlogpath LOGS/spam.log', 'set login addjournalmatch A=1 + B=2',
    'set login deljournalmatch A=1', 'set login addfailregex', 'set login delfailregex 9', 'set login delfailregex x',
    'set login delfailregex', 'set login delignoreregex 7', 'set login addfailregex ^nothing$',
    'set login addfailregex *<HOST>$', 'set login addfailregex a**<HOST>$', 'set login addfailregex a)<HOST>$',
    'set nope addfailregex x',
  ),
  call('set', 'login', 'prefregex', '^x <F-CONTENT>.*</F-CONTENT>$'),
  call('get', 'login', 'prefregex'),
  call('set', 'login', 'prefregex', '('),
  call('set', 'login', 'prefregex', ''),
  call('set', 'login', 'addfailregex', '^again <HOST>$'),
  call('set', 'login', 'addfailregex', '^( <HOST>$'),
  call('set', 'login', 'addfailregex', ''),
  call('set', 'login', 'delfailregex', '2'),
  call('set', 'login', 'usedns', 'warn'),
  call('set', 'login', 'addfailregex', '^named <HOST>$'),
  call('set', 'login', 'addfailregex', '^net <SUBNET>$'),
  call('set', 'login', 'addfailregex', '^<F-ID>\\d+</F-ID> <F-PORT>x</F-PORT> <F-MLFID>a</F-MLFID> <nonsense>'),
  call('set', 'login', 'addfailregex', '^<IP4> or <CIDR>'),
  call('set', 'login', 'delfailregex', '-1'),
  call('set', 'login', 'delfailregex', '2'),
  call('get', 'login', 'failregex'),
  call('set', 'login', 'addignoreregex', '^ignore <HOST>'),
  call('set', 'login', 'addignoreregex', '('),
  call('set', 'login', 'addignoreregex', '^plain$'),
  call('set', 'login', 'delignoreregex', '1'),
  call('get', 'login', 'ignoreregex'),
  ...['%Y-%m-%d %H:%M:%S', '{^LN-BEG}', 'Epoch', 'LEPOCH', 'TAI64N', '%d/%b/%y', '^%Y', '{UNB}%Y', '[%Y %Exm %z]',
    'x%%Y', '', '{NONE}', '%q(', '{DEFAULT}'].map((pattern) => call('set', 'login', 'datepattern', pattern)),
  call('set', 'login', 'datepattern', '%Y\n%d'),
  call('get', 'login', 'datepattern'),
  call('set', 'login', 'datepattern', ''),
]; // prettier-ignore

const journal: readonly Call[] = [
  ...said(
    'status unit', 'status unit short', 'status unit stats', 'get unit journalmatch', 'get unit logpath',
    'get unit datepattern', 'get unit logencoding', 'set unit addjournalmatch A=1 B=2 + C=3',
    'set unit addjournalmatch A=1 B=2', 'set unit addjournalmatch nonsense',
    'get unit journalmatch', 'set unit deljournalmatch A=1 B=2', 'set unit deljournalmatch A=1 B=2',
    'set unit deljournalmatch A=1 B=2', 'set unit deljournalmatch _COMM=absent + C=3', 'set unit deljournalmatch C=3',
    'set unit addlogpath LOGS/spam.log', 'set unit dellogpath LOGS/spam.log',
    'set unit banip 192.0.2.1', 'status unit', 'unban 192.0.2.1', 'set unit datepattern %Y', 'stats',
    'add unit2 systemd', 'get unit2 journalmatch', 'get unit2 datepattern', 'status unit2', 'stop unit2',
  ),
]; // prettier-ignore

const banning: readonly Call[] = [
  ...said(
    'set login attempt 192.0.2.7', 'set login attempt 192.0.2.7 one', 'set login attempt 192.0.2.7 two', 'set login attempt somebody',
    'set login attempt', 'set nope attempt 192.0.2.7',
  ),
  { words: ['get', 'login', 'banned', '192.0.2.7'], until: '1\n' },
  ...said(
    'status login', 'set login banip 192.0.2.1',
    'set login banip 192.0.2.1', 'set login banip 192.0.2.2 192.0.2.3 2001:db8::1', 'set login banip 10.1.0.0/16',
    'set login banip nonsense', 'set login banip', 'set nope banip 192.0.2.1', 'set login banip ::ffff:192.0.2.44',
    'set login banip 2001:DB8::00ff', 'set spam banip 192.0.2.1', 'banned', 'banned 192.0.2.1',
    'banned 192.0.2.1 192.0.2.9', 'banned 10.1.2.3', 'get login banip', 'get login banip ,',
    'get login banip --with-time', 'get login banned', 'get login banned 192.0.2.1',
    'get login banned 192.0.2.1 192.0.2.99', 'get login banned 10.1.2.3', 'get nope banned', 'status login',
    'status login short', 'status --all', 'stats', 'statistic', 'set login unbanip 192.0.2.3',
    'set login unbanip 192.0.2.3', 'set login unbanip --report-absent 192.0.2.3',
    'set login unbanip --report-absent 192.0.2.3 192.0.2.4', 'set login unbanip --report-absent 192.0.2.2',
    'set login unbanip', 'set login unbanip --report-absent', 'set login unbanip 10.0.0.0/8',
    'set login unbanip nonsense', 'set nope unbanip 192.0.2.1', 'unban', 'unban 192.0.2.1', 'unban 192.0.2.1',
    'unban 192.0.2.1 2001:db8::1', 'unban --all', 'unban --all x', 'get login banip', 'status login',
  ),
]; // prettier-ignore

const acting: readonly Call[] = [
  ...said(
    'set login addaction third', 'set login addaction third', 'set login addaction', 'set nope addaction x',
    'get login actions', 'set login action third timeout 5m', 'get login action third timeout',
    'set login action third timeout nonsense', 'set login action third colour blue', 'get login action third colour',
    'get login actionproperties third', 'set login action third', 'set login action third actionban',
    'set login action nope actionban x', 'set login action third start', 'set login action third nonsense',
    'set login action third flush', 'set login action third ban nonsense',
    'set login action third ban {"aInfo":{"ip":"192.0.2.1"}}', 'set login delaction third',
    'set login delaction third', 'set login delaction', 'get login actions',
  ),
  call('set', 'login', 'action', 'nothing', 'actionban', 'true other <ip>'),
  call('get', 'login', 'action', 'nothing', 'actionban'),
]; // prettier-ignore

const jails: readonly Call[] = said(
  'add', 'add newjail polling', 'add newjail polling', 'add newjail', 'add other nonsense', 'add --all',
  'status newjail', 'status', 'start newjail', 'start newjail', 'start nope', 'get newjail bantime',
  'get newjail maxretry', 'get newjail findtime', 'get newjail ignorecommand', 'get newjail logencoding',
  'get newjail logtimezone', 'get newjail datepattern', 'get newjail usedns', 'get newjail failregex',
  'get newjail actions', 'get newjail logpath', 'get newjail ignoreip', 'get newjail ignoreself',
  'get newjail maxmatches', 'get newjail actionproperties x', 'set newjail addlogpath LOGS/spam2.log',
  'set newjail addfailregex ^<HOST>$', 'set newjail bantime 5m', 'stats', 'stop newjail', 'stop newjail', 'stop nope',
); // prettier-ignore

const server: readonly Call[] = said(
  'set loglevel DEBUG', 'set loglevel 10', 'set loglevel nonsense', 'get loglevel', 'set loglevel notice',
  'get loglevel', 'set loglevel INFO', 'set loglevel', 'set logtarget /nonexistent/x.log', 'set logtarget',
  'get logtarget', 'set syslogsocket /dev/null', 'set syslogsocket auto', 'set syslogsocket', 'set dbmaxmatches 5',
  'set dbmaxmatches x', 'get dbmaxmatches', 'set dbpurgeage 2d', 'set dbpurgeage 86400', 'set dbpurgeage nonsense',
  'set dbfile /elsewhere.sqlite3', 'set allowipv6 auto', 'set allowipv6 yes', 'set thread x', 'flushlogs', 'start',
); // prettier-ignore

const reloading: readonly Call[] = [
  ...said(
  'set spam banip 192.0.2.77', 'set login maxretry 9', 'reload', 'get login maxretry',
  'get login action nothing actionban', 'reload login', 'reload --restart spam',
  ),
  { words: ['get', 'spam', 'banip'], until: '192.0.2.77\n' },
  ...said(
  'status spam', 'reload --unban spam', 'get spam banip', 'reload nope', 'reload --if-exists nope', 'reload login x',
  'reload --all', 'reload --nonsense', 'restart login', 'restart nope', 'restart --if-exists nope', 'status',
  'get login failregex', 'get spam ignoreip', 'status spam',
  ),
  { words: ['status', '--all'], differs: 'a jail that is restarted keeps what it has counted' },
]; // prettier-ignore

const options: readonly Call[] = [
  ...said(
    '--version', '-V', '--str2sec 1d12h', '--str2sec 1month', '--str2sec 1h30m', '--str2sec 2w', '-t', '--test',
    '-t ping', '-s /nowhere.sock ping', '-s /nowhere.sock status', '-s /nowhere.sock reload',
    '-s /nowhere.sock reload login', '-s /nowhere.sock stop', '-s /dev/null status', '-s /dev/null ping',
    '-q status nope', '-qq status nope', '-x ping', '--async ping', '--timeout 5 ping', '--tim 5 ping', '-p /x ping',
    '--pidfile=/x ping', '--pname a ping', '--loglevel DEBUG ping', '--loglevel nonsense ping',
    '--logtarget STDERR --syslogsocket auto ping', '-c /nonexistent status', '--str2sec nonsense', '-xbf ping',
    '-- ping',
  ),
  { words: ['-h'], differs: 'the help is told in our own words' },
  { words: [], differs: 'the help is told in our own words' },
  { words: ['--nonsense'], differs: 'the help is told in our own words' },
  { words: ['--str2sec'], differs: 'the help is told in our own words' },
  { words: ['-v', 'ping'], differs: 'more is told of the reading of configuration, which the daemon does here' },
  {
    words: ['-i'],
    input: 'ping\nstatus nope\n\nhelp me\nversion\nget login "bantime"\nset "x\necho \'a  b\' c\\ d\nreload login\nexit\n',
  },
  { words: ['-i'], input: 'ping\n' },
  { words: ['-i', 'ping'], input: 'quit\n' },
  { words: ['-i', 'status', 'nope'], input: 'quit\n' },
]; // prettier-ignore

export const CALLS: readonly Call[] = [
  ...asking,
  ...settings,
  ...hearing,
  ...journal,
  ...banning,
  ...acting,
  ...jails,
  ...server,
  ...reloading,
  ...options,
  ...said('stop', 'ping'),
];
