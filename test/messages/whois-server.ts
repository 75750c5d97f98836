/**
 * A whois server on 127.0.0.1: answers as it is told to, or says nothing. Keeps what it was asked.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export class WhoisServer {
  readonly asked: string[] = [];
  /** undefined = it says nothing. */
  answer: (question: string) => string | undefined;
  hangs: () => void = () => undefined;
  readonly #server: Server;

  private constructor(answer: (question: string) => string | undefined) {
    this.answer = answer;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async open(
    t: Pick<TestContext, 'after'>,
    answer: (question: string) => string | undefined,
  ): Promise<WhoisServer> {
    const server = new WhoisServer(answer);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    t.after(() => {
      server.#server.close();
    });
    return server;
  }

  get place(): { readonly host: string; readonly port: number } {
    const address = this.#server.address();
    return { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
  }

  #serve(socket: Socket): void {
    let question = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      question += chunk.toString('latin1');
      if (!question.endsWith('\r\n')) return;
      this.asked.push(question.trimEnd());
      const answer = this.answer(question.trimEnd());
      if (answer === undefined) this.hangs();
      else socket.end(answer);
    });
  }
}
