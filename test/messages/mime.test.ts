import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mailAddress, mailAddresses } from '../../src/action/mail/mail-address.js';
import { headerText, mimeMail, quotedPrintable } from '../../src/action/mail/mime.js';
import { visible } from '../../src/lib/visible-text.js';
import { readMail } from './smtp-server.js';

const ENVELOPE = { from: 'a@b.example', to: 'c@d.example', atMs: 0, messageId: 'x@y' };

function mail(title: string, text: string, fromName = 'Bailiff'): string {
  return mimeMail({ ...ENVELOPE, fromName, title, text });
}

test('no text makes a header of its own, a long line, or a line on which a mailer acts', () => {
  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\r', '\n', '.', '~', '=', ' ', '?', 'From ', 'é', '💥', '\u202e'),
      fc.string({ unit: 'binary' }),
    ),
    maxLength: 400,
  });
  fc.assert(
    fc.property(nasty, nasty, nasty, (title, text, name) => {
      const raw = mail(title, text, name);
      const lines = raw.split('\r\n');
      assert.ok(!/[^\x20-\x7e\r\n]/.test(raw), 'something but printable ASCII');
      assert.ok(!raw.replaceAll('\r\n', '').match(/[\r\n]/), 'a bare CR or LF');
      assert.ok(lines.every((line) => line.length <= 998));
      const end = raw.indexOf('\r\n\r\n');
      const names = raw
        .slice(0, end)
        .split(/\r\n(?! )/)
        .map((line) => line.split(':')[0]);
      assert.deepEqual(names, [
        'From',
        'To',
        'Subject',
        'Date',
        'Message-ID',
        'Auto-Submitted',
        'MIME-Version',
        'Content-Type',
        'Content-Transfer-Encoding',
      ]);
      for (const line of raw.slice(end + 4).split('\r\n')) {
        assert.ok(line.length <= 76, line);
        assert.ok(!/^(?:[.~]|From )/.test(line), line);
      }
    }),
  );
});

test('what a mail says is read back as it was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (written) => {
      const text = visible(written);
      const { text: read } = readMail({
        from: '',
        to: '',
        wire: [],
        raw: `x: y\r\n\r\n${quotedPrintable(text)}`,
      });
      assert.equal(read, text);
    }),
  );
  assert.equal(
    quotedPrintable('.\n~!x\nFrom me\nfrom me \na=b'),
    '=2E\r\n=7E!x\r\n=46rom me\r\nfrom me=20\r\na=3Db',
  );
});

test('a title beyond ASCII travels in encoded words that anybody can read', () => {
  assert.equal(
    headerText('[Bailiff] sshd: banned 192.0.2.1 from mx'),
    '[Bailiff] sshd: banned 192.0.2.1 from mx',
  );
  const long = '[Bailiff] postfix-sasl: banned 2001:db8:a:39::/64 from a-rather-long-name.mail.example';
  assert.equal(headerText(long), long.replace('from ', 'from\r\n '));
  const encoded = headerText('é'.repeat(60));
  const words = encoded.split('\r\n ').map((word) => /^=\?UTF-8\?B\?([^?]+)\?=$/.exec(word)?.[1] ?? '');
  assert.equal(words.map((word) => Buffer.from(word, 'base64').toString('utf8')).join(''), 'é'.repeat(60));
  assert.match(headerText('=?UTF-8?B?eA==?='), /^=\?UTF-8\?B\?PT9/, 'what looks encoded is encoded');
  assert.match(headerText('a\r\nBcc: b'), /^a\\x0d\\x0aBcc: b$/);
});

test('an address that is none, or would be an argument or a command, is refused by name', () => {
  assert.deepEqual(mailAddresses('root@localhost, admin'), ['root@localhost', 'admin']);
  assert.equal(mailAddress('The Admin <a.b+c@d-e.example>'), 'a.b+c@d-e.example');
  for (const wrong of [
    '',
    '-oQ/x',
    'a b',
    'a@b\r\nRCPT TO:<x>',
    'a@b>',
    '<>',
    'a..b@c',
    'a@-x y',
    `${'a'.repeat(250)}@b.example`,
  ])
    assert.throws(() => mailAddress(wrong), { code: 'action.mail-address' }, wrong);
});
