/**
 * What ends or pokes the daemon from outside: SIGTERM and SIGINT end it, SIGUSR1 opens the log again, SIGHUP has the configuration read again.
 * Takes what to do; gives a promise of the end. A second signal ends the process at once.
 */
export interface SignalActions {
  readonly reopenLog: () => void;
  readonly reload: () => void;
}

export interface Stop {
  /** Resolves with why. */
  readonly stopped: Promise<string>;
  /** Ends the daemon for a reason of its own. */
  stop(why: string): void;
}

export function untilStopped(actions: SignalActions): Stop {
  let end: (why: string) => void = () => undefined;
  const stopped = new Promise<string>((resolve) => {
    end = resolve;
  });
  let asked = false;
  const terminate = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(1);
    asked = true;
    end(signal);
  };
  process.on('SIGTERM', terminate);
  process.on('SIGINT', terminate);
  process.on('SIGUSR1', actions.reopenLog);
  process.on('SIGHUP', actions.reload);
  return { stopped, stop: end };
}
