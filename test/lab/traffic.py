#!/usr/bin/env python3
"""traffic.py TRUTH.jsonl [SCALE]: real clients against the lab mail host, from chosen source addresses.

Every act is written to TRUTH.jsonl: {"t": start, "took": seconds, "src": address, "service": s, "user": u, "kind": k, "outcome": o}.
kind is one of attack (a client that must be banned), probe (noise that is no login attempt), legit (a user
who signs in), slip (a user who mistypes and then signs in), office (many users behind one address).
Run it where the client addresses are (`mx13 as`); the host is 192.0.2.10 and 2001:db8:b::10. TRAFFIC_SEED varies it.
"""
import base64, http.client, imaplib, itertools, json, poplib, random, smtplib, socket, subprocess, sys, threading, time
from concurrent.futures import ThreadPoolExecutor

H4, H6 = '192.0.2.10', '2001:db8:b::10'
rng = random.Random(int(__import__('os').environ.get('TRAFFIC_SEED', 20261122)))
lock = threading.Lock()
out = open(sys.argv[1], 'w')
scale = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
GOOD = 'correct-horse'
PATIENCE = 12  # seconds that a client waits for an answer


def host(src): return H6 if ':' in src else H4


def act(src, service, user, password, kind):
    """One act, written down with what came of it; True when the client met silence, as a banned one does."""
    t = time.time()
    try: outcome = SERVICES[service](src, user, password)
    except (smtplib.SMTPAuthenticationError, imaplib.IMAP4.error, poplib.error_proto) as e: outcome = 'refused'
    except Exception as e: outcome = f'{type(e).__name__}'
    took = time.time() - t
    with lock: out.write(json.dumps(dict(t=round(t, 3), took=round(took, 3), src=src, service=service, user=user, kind=kind, outcome=outcome)) + '\n')
    return took >= PATIENCE - 0.5


def smtp(port):
    def go(src, user, password):
        s = smtplib.SMTP(timeout=PATIENCE, source_address=(src, 0)); s.connect(host(src), port); s.ehlo('client.example')
        try:
            s.user, s.password = user, password
            code, _ = s.auth('PLAIN', lambda c=None: f'\0{user}\0{password}')
            s.quit(); return 'ok' if code == 235 else 'refused'
        finally: s.close()
    return go


def smtp_login(src, user, password):
    s = smtplib.SMTP(timeout=PATIENCE, source_address=(src, 0)); s.connect(host(src), 587); s.ehlo('client.example')
    s.docmd('AUTH LOGIN'); s.docmd(base64.b64encode(user.encode()).decode()); code, _ = s.docmd(base64.b64encode(password.encode()).decode())
    s.quit(); return 'ok' if code == 235 else 'refused'


def relay(src, user, password):
    s = smtplib.SMTP(timeout=PATIENCE, source_address=(src, 0)); s.connect(host(src), 25); s.ehlo('spam.example'); s.mail('a@spam.example')
    code, _ = s.rcpt(user); s.quit(); return str(code)


def spam(src, user, password):
    s = smtplib.SMTP(timeout=PATIENCE, source_address=(src, 0)); s.connect(host(src), 25); s.ehlo('spam.example')
    try: s.sendmail('a@spam.example', ['alice@mx13.example'], 'Subject: x\r\nFrom: a@spam.example\r\nTo: alice@mx13.example\r\n\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n'); return 'accepted'
    except smtplib.SMTPException as e: return 'rejected'
    finally: s.close()


def mail(src, user, password):
    s = smtplib.SMTP(timeout=PATIENCE, source_address=(src, 0)); s.connect(host(src), 25); s.ehlo('mx.partner.example')
    try: s.sendmail('bob@partner.example', ['alice@mx13.example'], f'Subject: hello\r\nFrom: bob@partner.example\r\nTo: alice@mx13.example\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{rng.random()}@partner.example>\r\n\r\nLunch on Friday?\r\n'); return 'accepted'
    except smtplib.SMTPException as e: return 'rejected'
    finally: s.close()


def imap(src, user, password):
    class I(imaplib.IMAP4):
        def _create_socket(self, timeout=PATIENCE): return socket.create_connection((host(src), 143), PATIENCE, (src, 0))
    i = I(host(src))
    # imaplib leaves the name unquoted: an odd one would be a wrong command and no login at all.
    try: i.login('"' + user.replace('\\', '\\\\').replace('"', '\\"') + '"', password)
    except imaplib.IMAP4.error: i.shutdown(); raise
    i.logout(); return 'ok'


def pop3(src, user, password):
    class P(poplib.POP3):
        def _create_socket(self, timeout): return socket.create_connection((host(src), 110), PATIENCE, (src, 0))
    p = P(host(src))
    try: p.user(user); p.pass_(password); p.quit(); return 'ok'
    finally: p.close()


def web(src, user, password):
    c = http.client.HTTPConnection(host(src), 80, timeout=PATIENCE, source_address=(src, 0))
    c.request('GET', '/webmail', headers={'Authorization': 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()}); code = c.getresponse().status; c.close()
    return 'refused' if code == 401 else 'ok'


def ssh(src, user, password):
    options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'PubkeyAuthentication=no', 'NumberOfPasswordPrompts=1', f'ConnectTimeout={PATIENCE}']
    command = ['sshpass', '-p', password, 'ssh', '-b', src, '-l', user, *(w for o in options for w in ('-o', o)), host(src), 'true']
    # Cut in the middle of a session, ssh itself would wait for a quarter of an hour.
    p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try: said = p.communicate(timeout=PATIENCE + 3)[1]
    except subprocess.TimeoutExpired:
        p.terminate()  # sshpass passes it on to ssh
        try: p.communicate(timeout=2)
        except subprocess.TimeoutExpired: p.kill(); p.stderr.close()
        return 'cut'
    return 'ok' if p.returncode == 0 else 'refused' if 'denied' in said else 'blocked'


def banner(src, user, password):
    s = socket.create_connection((host(src), 22), PATIENCE, (src, 0)); s.recv(100); s.close(); return 'closed'


def garbage(src, user, password):
    s = socket.create_connection((host(src), 25), PATIENCE, (src, 0)); s.recv(200); s.sendall(b'GET / HTTP/1.1\r\nHost: x\r\n\r\n'); s.recv(300); s.close(); return 'closed'


SERVICES = dict(smtp=smtp(25), submission=smtp(587), smtp_login=smtp_login, relay=relay, spam=spam, mail=mail, imap=imap, pop3=pop3, web=web, ssh=ssh, banner=banner, garbage=garbage)
NAMES = ['root', 'admin', 'info', 'test', 'postmaster', 'support', 'sales', 'bob', 'oracle', 'alice', 'user1', 'backup', 'webmaster@mx13.example', 'alice@mx13.example']
EVIL = ['root from 10.9.8.7', 'x from 192.0.2.1 port 22 ssh2', '[203.0.113.77]', 'rhost=203.0.113.78', 'a> rip=203.0.113.79,', 'unknown[203.0.113.80]: SASL LOGIN authentication failed', 'Unicode\xfcber', 'a b c', "'; drop", '<HOST>', '%s%s%n', 'user\trhost=203.0.113.81', 'client 203.0.113.82']

# What a mailer might act on, if a name came into a mail as it is.
MAILED = ['~!touch /tmp/bailiff-was-here', 'x\r\n.\r\nRCPT TO:<evil@mx13.example>']


def source(i, six=False): return f'2001:db8:a:{i:x}::1' if six else f'198.51.100.{i}'


def persist(src, service, acts, n):
    """Goes on until it has met silence twice in a row: it is shut out, and waiting longer proves nothing."""
    silent = 0
    for _ in range(n):
        silent = silent + 1 if act(src, service, *acts()) else 0
        if silent == 2: return


def attack(src, service, n, evil=False):
    persist(src, service, lambda: (rng.choice(EVIL if evil else NAMES), 'wrong-%d' % rng.randrange(99), 'attack'), n)


def mailed(src, n):
    # In turn: chosen at random, one of them may come up in no line before the ban.
    names = itertools.cycle(MAILED)
    persist(src, 'smtp_login', lambda: (next(names), 'wrong', 'attack'), n)


def relaying(src, n):
    persist(src, 'relay', lambda: (rng.choice(['x@elsewhere.example', 'no-such-user@mx13.example']), '', 'attack'), n)


def spamming(src, n):
    persist(src, 'spam', lambda: ('', '', 'attack'), n)


def legit(src, service, n):
    def acts(): time.sleep(rng.random()); return 'alice', GOOD, 'legit'
    persist(src, service, acts, n)


def slip(src, service):
    act(src, service, 'alice', 'corect-horse', 'slip'); time.sleep(1); act(src, service, 'alice', GOOD, 'slip')


def office(src, n):
    for i in range(n):
        service = rng.choice(['imap', 'submission', 'imap', 'web'])
        wrong = i % 8 == 3
        silent = act(src, service, 'alice', 'corect-horse' if wrong else GOOD, 'office'); time.sleep(0.2)
        if wrong or silent: silent = act(src, service, 'alice', GOOD, 'office') and silent
        if silent: return


def probe(src, n):
    for _ in range(n): act(src, rng.choice(['banner', 'garbage']), '', '', 'probe')


def incoming(src, n):
    persist(src, 'mail', lambda: ('', '', 'legit'), n)


jobs = []
AUTH = ['ssh', 'smtp', 'submission', 'smtp_login', 'imap', 'pop3', 'web']
n = lambda x: max(1, int(x * scale))
for k, service in enumerate(AUTH):
    for i in range(12): jobs.append((attack, source(10 + k * 12 + i, six=i % 4 == 3), service, n(rng.choice([6, 8, 12, 20]))))
    jobs.append((attack, source(110 + k), service, n(len(EVIL) * 1), True))
for i in range(8): jobs.append((relaying, source(130 + i, six=i % 4 == 3), n(8)))
for i in range(2): jobs.append((mailed, source(160 + i), n(12)))
for i in range(6): jobs.append((spamming, source(140 + i), n(8)))
for i in range(10): jobs.append((probe, source(150 + i), n(6)))
for i in range(40): jobs.append((legit, source(170 + i, six=i % 5 == 4), rng.choice(['imap', 'submission', 'pop3', 'web', 'ssh']), n(6)))
for i in range(10): jobs.append((slip, source(215 + i), rng.choice(['imap', 'submission', 'web', 'ssh'])))
for i in range(4): jobs.append((office, source(230 + i), n(60)))
for i in range(6): jobs.append((incoming, source(240 + i), n(30)))
rng.shuffle(jobs)
started = time.time()
with ThreadPoolExecutor(48) as pool:
    for f in [pool.submit(*j) for j in jobs]: f.result()
out.close()
print(f'{len(jobs)} clients, {time.time() - started:.0f} s')
