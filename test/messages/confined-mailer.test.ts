import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confinedMailer } from '../../src/daemon/sending/confined-mailer.js';

test("Postfix's sendmail in a unit that forbids new privileges is told, with what to do", () => {
  const status = (value: number) => () => `Seccomp:\t2\nNoNewPrivs:\t${value}\n`;
  const told = confinedMailer('sendmail', status(1));
  assert.equal(told?.code, 'action.mail-privileges');
  assert.match(told?.remedy ?? '', /mailer = smtp/);
  assert.equal(confinedMailer('sendmail', status(0)), undefined);
  assert.equal(confinedMailer('smtp', status(1)), undefined);
});
