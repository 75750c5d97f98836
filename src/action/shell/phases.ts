/**
 * Which commands of a shell action run, and in which order: started before the first ban, checked and repaired after a
 * failure, stopped at the end; as Fail2Ban's (docs/adr/0010-shell-actions.md tells the differences).
 * Takes what is to happen and how to run one command; gives whether it did. Runs nothing itself, has no queue.
 */
import type { ShellFamily, ShellOptions, ShellPhase } from '../options.js';

/** Runs the command of a phase for a family; true where it ended well or there is none. */
export type RunPhase<Subject> = (
  phase: ShellPhase,
  family: ShellFamily,
  subject: Subject | undefined,
) => Promise<boolean>;

/** off: not started, or undone; banned: started, and a ban came through. */
type State = 'off' | 'started' | 'banned';

export class ShellPhases<Subject> {
  readonly #options: ShellOptions;
  readonly #run: RunPhase<Subject>;
  /** In the order in which they were started first. */
  readonly #states = new Map<ShellFamily, State>();
  /** Start commands that have run and were not undone by a stop. */
  readonly #inForce = new Set<string>();
  #epoch = 0;

  constructor(options: ShellOptions, run: RunPhase<Subject>) {
    this.#options = options;
    this.#run = run;
  }

  /** Grows whenever a check failed: what was banned before may be gone. */
  get epoch(): number {
    return this.#epoch;
  }

  /** With the jail; nothing where it starts on demand. */
  async start(): Promise<boolean> {
    if (this.#options.startsOnDemand) return true;
    const families: readonly ShellFamily[] = this.#options.isByFamily ? ['inet4', 'inet6'] : ['any'];
    let isWell = true;
    for (const family of families) isWell = (await this.#start(family)) && isWell;
    return isWell;
  }

  async ban(subject: Subject, family: ShellFamily, phase: 'ban' | 'reban' = 'ban'): Promise<boolean> {
    const isStarted = !this.#options.startsOnDemand || this.#isStarted(family);
    if (!isStarted && !(await this.#start(family))) return false;
    const isBanned = await this.#attempt(phase, family, subject);
    if (isBanned) this.#states.set(family, 'banned');
    return isBanned;
  }

  /** For a ban that the action may have lost. */
  reban(subject: Subject, family: ShellFamily): Promise<boolean> {
    return this.ban(subject, family, this.#text('reban', family) === '' ? 'ban' : 'reban');
  }

  /** Nothing where no ban of the family ever came through. */
  unban(subject: Subject, family: ShellFamily): Promise<boolean> {
    if (this.#states.get(family) !== 'banned') return Promise.resolve(true);
    return this.#attempt('unban', family, subject);
  }

  /** For a ban that lasts longer now. */
  prolong(subject: Subject, family: ShellFamily): Promise<boolean> {
    return this.#attempt('prolong', family, subject);
  }

  get hasFlush(): boolean {
    return (['inet4', 'inet6', 'any'] as const).some((family) => this.#text('flush', family) !== '');
  }

  /** One command in the place of every unban; families whose flush failed still count as banned. */
  flush(): Promise<boolean> {
    const families = this.#familiesThat((state) => state === 'banned');
    return this.#each('flush', families, (family) => this.#states.set(family, 'started'));
  }

  reload(): Promise<boolean> {
    return this.#each('reload', this.#familiesThat(isOn));
  }

  /** Ends what was started; whatever its stop says, it counts as ended. */
  stop(): Promise<boolean> {
    const families = this.#familiesThat(isOn);
    this.#states.clear();
    this.#inForce.clear();
    return this.#each('stop', families);
  }

  /** Looks whether what was started still stands, and repairs it where not. */
  async check(): Promise<boolean> {
    let isWell = true;
    for (const family of this.#familiesThat(isOn)) isWell = (await this.#sane(family, 'check')) && isWell;
    return isWell;
  }

  /** A command that failed runs once more if what it works on still stands; without `actioncheck` that is taken as given. */
  async #attempt(phase: ShellPhase, family: ShellFamily, subject: Subject): Promise<boolean> {
    if (await this.#run(phase, family, subject)) return true;
    if (!(await this.#sane(family, phase))) return false;
    return this.#run(phase, family, subject);
  }

  /** Whether it stands, or stands again. */
  async #sane(family: ShellFamily, phase: ShellPhase): Promise<boolean> {
    if (await this.#run('check', family, undefined)) return true;
    if (phase === 'unban' && !this.#options.repairsOnUnban) return false;
    this.#epoch += 1;
    if (this.#text('repair', family) === '') {
      await this.#undo(family);
      // Nobody waits behind an unban: the next ban starts it.
      if (phase === 'unban' && this.#options.startsOnDemand) return true;
      if (!(await this.#start(family))) return false;
    } else {
      const isRepaired = await this.#run('repair', family, undefined);
      if (!isRepaired) return this.#forget(family);
      // What was banned is banned anew when it is met again.
      this.#states.set(family, 'started');
    }
    const isWell = await this.#run('check', family, undefined);
    // With a ban in hand the next one will see; here nothing would ask again.
    return isWell || (phase === 'check' && this.#forget(family));
  }

  /** Stops a family that was ever started, or lives on what was started for another. */
  async #undo(family: ShellFamily): Promise<void> {
    if (this.#states.has(family) || this.#inForce.has(this.#text('start', family)))
      await this.#run('stop', family, undefined);
    if (this.#states.has(family)) this.#forget(family);
    this.#inForce.delete(this.#text('start', family));
  }

  #forget(family: ShellFamily): false {
    this.#states.set(family, 'off');
    this.#inForce.delete(this.#text('start', family));
    return false;
  }

  async #start(family: ShellFamily): Promise<boolean> {
    const command = this.#text('start', family);
    if (!this.#inForce.has(command) && !(await this.#run('start', family, undefined))) return false;
    if (command !== '') this.#inForce.add(command);
    if (!this.#isStarted(family)) this.#states.set(family, 'started');
    return true;
  }

  #isStarted(family: ShellFamily): boolean {
    return (this.#states.get(family) ?? 'off') !== 'off';
  }

  #familiesThat(are: (state: State) => boolean): readonly ShellFamily[] {
    return [...this.#states].flatMap(([family, state]) => (are(state) ? [family] : []));
  }

  /** Runs a phase for families in their order; one that did well for another is not repeated. */
  async #each(
    phase: ShellPhase,
    families: readonly ShellFamily[],
    done: (family: ShellFamily) => void = () => undefined,
  ): Promise<boolean> {
    const succeeded = new Set<string>();
    let isWell = true;
    for (const family of families) {
      const command = this.#text(phase, family);
      const isDone = succeeded.has(command) || (await this.#run(phase, family, undefined));
      if (!isDone) isWell = false;
      else {
        succeeded.add(command);
        done(family);
      }
    }
    return isWell;
  }

  #text(phase: ShellPhase, family: ShellFamily): string {
    return this.#options.commands[phase][family];
  }
}

function isOn(state: State): boolean {
  return state !== 'off';
}
