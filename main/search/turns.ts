/** Who may score and who may measure at a given moment. */

/** Runs work when its turn comes; work that waits takes its turn in the order it came. */
export interface Turns {
  score<T>(work: () => Promise<T>): Promise<T>;
  measure<T>(work: () => Promise<T>): Promise<T>;
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

  const inTurn = async <T>(kind: 'score' | 'measure', work: () => Promise<T>): Promise<T> => {
    await new Promise<void>((start) => {
      queue.push({ kind, start });
      startWaiting();
    });
    try {
      return await work();
    } finally {
      running[kind]--;
      startWaiting();
    }
  };

  return {
    score: (work) => inTurn('score', work),
    measure: (work) => inTurn('measure', work),
    inFlight: exclusive || queued ? scoring : scoring + 1,
  };
}
