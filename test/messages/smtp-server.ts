/**
 * A mail server on 127.0.0.1 that keeps what it takes, and misbehaves on request: at a step it answers otherwise, says
 * nothing, or hangs up. Speaks RFC 5321 as far as a client of one mail needs.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export type Step = 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'end';

export type Fault =
  | { readonly step: Step; readonly does: 'answer'; readonly line: string }
  | { readonly step: Step; readonly does: 'hang' | 'reset' }
  /** Half an answer, then gone. */
  | { readonly step: Step; readonly does: 'cut' };

export interface TakenMail {
  readonly from: string;
  readonly to: string;
  /** As it came, without the dots of SMTP. */
  readonly raw: string;
  /** Every line that came after DATA, as it came. */
  readonly wire: readonly string[];
}

const WELL: Readonly<Record<Step, string>> = {
  greeting: '220 mx.example ESMTP',
  ehlo: '250-mx.example\r\n250-8BITMIME\r\n250 SMTPUTF8',
  mail: '250 2.1.0 Ok',
  rcpt: '250 2.1.5 Ok',
  data: '354 End data with <CR><LF>.<CR><LF>',
  end: '250 2.0.0 Ok: queued as 4X',
};

export class SmtpServer {
  readonly mails: TakenMail[] = [];
  fault: Fault | undefined;
  /** The fault of each connection, in place of `fault` being set. */
  faultOfNext: (() => Fault | undefined) | undefined;
  /** How often a connection stood. */
  connections = 0;
  /** Called when it hangs. */
  hangs: () => void = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async open(): Promise<SmtpServer> {
    const server = new SmtpServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    if (this.faultOfNext !== undefined) this.fault = this.faultOfNext();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy());
    let [from, to, rest] = ['', '', ''];
    let wire: string[] | undefined;
    const answer = (step: Step): void => {
      const { fault } = this;
      if (fault?.step !== step) {
        socket.write(`${WELL[step]}\r\n`);
      } else if (fault.does === 'answer') socket.write(`${fault.line}\r\n`);
      else if (fault.does === 'hang') this.hangs();
      else if (fault.does === 'reset') socket.resetAndDestroy();
      else socket.end('25');
    };
    const line = (text: string): void => {
      if (wire !== undefined && text !== '.') {
        wire.push(text);
      } else if (wire !== undefined) {
        const raw = wire.map((each) => each.replace(/^\./, '')).join('\r\n');
        if (this.fault?.step !== 'end' || this.fault.does !== 'answer')
          this.mails.push({ from, to, raw, wire });
        wire = undefined;
        answer('end');
      } else if (/^(?:EHLO|HELO) /.test(text)) answer('ehlo');
      else if (text.startsWith('MAIL FROM:')) {
        from = text.slice('MAIL FROM:'.length);
        answer('mail');
      } else if (text.startsWith('RCPT TO:')) {
        to = text.slice('RCPT TO:'.length);
        answer('rcpt');
      } else if (text === 'DATA') {
        if (this.fault?.step !== 'data') wire = [];
        answer('data');
      } else if (text === 'QUIT') socket.end('221 Bye\r\n');
      else socket.write('500 what?\r\n');
    };
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(line);
    });
    answer('greeting');
  }
}

/** The text of a mail, decoded; and its headers as they stand. */
export function readMail({ raw }: TakenMail): { readonly headers: string; readonly text: string } {
  const end = raw.indexOf('\r\n\r\n');
  const encoded = raw.slice(end + 4).replaceAll('=\r\n', '');
  const bytes = encoded.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return { headers: raw.slice(0, end), text: Buffer.from(bytes, 'latin1').toString('utf8') };
}
