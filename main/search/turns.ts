/** Who may score and who may measure at a given moment. */

/**
 * Runs work when its turn comes; work that waits takes its turn in the order it came. What waits gives up its place,
 * and rejects with the signal's reason, where its signal aborts.
 */
export interface Turns {
  score<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  measure<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** How many candidates are worth having in flight; those in a queue of the source's own are not counted. */
  readonly inFlight: number;
}

interface Waiting {
  readonly kind: 'score' | 'measure';
  readonly start: () => void;
}

/**
 * One measurement at a time, up to `scoring` scorings at once.
 * @param exclusive a measurement runs alone, with no scoring beside it (the computer that measures is
 *   the one that scores: each would distort the other); otherwise one candidate is measured while the
 *   next is scored, and no more than that runs ahead, so that a kill loses little
 * @param queued measurements wait in a queue of their source's own: scoring goes on whatever waits there
 */
export function takeTurns(scoring: number, exclusive: boolean, queued = false): Turns {
  const running = { score: 0, measure: 0 };
  const queue: Waiting[] = [];

  const mayStart = (kind: 'score' | 'measure'): boolean => {
    if (kind === 'measure' && queued) return true;
    if (kind === 'measure') return running.measure === 0 && !(exclusive && running.score > 0);
    return running.score < scoring && !(exclusive && running.measure > 0);
  };

  const startWaiting = (): void => {
    const blocked = new Set<string>();
    for (let i = 0; i < queue.length;) {
      const { kind, start } = queue[i]!;
      if (blocked.size > 0 && (exclusive || blocked.has(kind))) {
        i++; // an earlier one waits for the same: nobody overtakes
      } else if (mayStart(kind)) {
        queue.splice(i, 1);
        running[kind]++;
        start();
      } else {
        blocked.add(kind);
        i++;
      }
    }
  };

  const turn = (kind: Waiting['kind'], signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const giveUp = (): void => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal?.reason as Error);
        startWaiting(); // whoever waited behind it
      };
      const start = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const waiting: Waiting = { kind, start };
      signal?.addEventListener('abort', giveUp, { once: true });
      queue.push(waiting);
      startWaiting();
    });

  const inTurn = async <T>(
    kind: Waiting['kind'],
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    await turn(kind, signal);
    try {
      return await work();
    } finally {
      running[kind]--;
      startWaiting();
    }
  };

  return {
    score: (work, signal) => inTurn('score', work, signal),
    measure: (work, signal) => inTurn('measure', work, signal),
    inFlight: exclusive || queued ? scoring : scoring + 1,
  };
}
