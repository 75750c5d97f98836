/**
 * Carries messages to whatever Apprise knows, through its program: title as an argument, text on its standard input, the
 * services and their secrets in its own file. It may have told some of them before it failed, so a failure is in doubt.
 */
import { type Carrier, type Handed, held, inDoubt, type Message, taken } from '../message/message.js';
import { type Patience, patienceOf } from '../message/patience.js';
import { runProgram } from '../message/run-program.js';

const LIMIT_MS = 60_000;

export class AppriseCarrier implements Carrier {
  readonly #configuration: string;
  readonly #program: string;
  readonly #patience: Patience;

  constructor(configuration: string, program = 'apprise', patience: Patience = patienceOf(LIMIT_MS)) {
    this.#configuration = configuration;
    this.#program = program;
    this.#patience = patience;
  }

  async hand({ title, text }: Message): Promise<Handed> {
    const words = ['--input-format=text', `--title=${title}`, `--config=${this.#configuration}`];
    const ended = await runProgram(this.#program, words, text, this.#patience);
    if (ended.kind === 'unstarted') return held(`apprise: ${ended.why}`);
    if (ended.kind === 'killed') return inDoubt(`apprise: ${ended.why}`);
    // What it says may hold the addresses of its services.
    return ended.status === 0 ? taken('taken by apprise') : inDoubt(`apprise ended with ${ended.status}`);
  }
}
