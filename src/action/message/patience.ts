/**
 * How long to wait for somebody outside. Takes what to do when it takes too long; gives how to stop waiting.
 * Does not hold up the end of the process.
 */
export type Patience = (giveUp: () => void) => () => void;

export function patienceOf(limitMs: number): Patience {
  return (giveUp) => {
    const timer = setTimeout(giveUp, limitMs);
    timer.unref();
    return () => clearTimeout(timer);
  };
}
