import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { takeTurns } from '../../../main/search/turns.ts';

/** Runs `candidates` score-then-measure chains and reports what ran at the same time. */
async function observe(
  scoring: number,
  exclusive: boolean,
  candidates: number,
): Promise<{ scores: number; measures: number; together: boolean; order: string[] }> {
  const turns = takeTurns(scoring, exclusive);
  const running = { score: 0, measure: 0 };
  const seen = { scores: 0, measures: 0, together: false, order: [] as string[] };
  const work = (kind: 'score' | 'measure', id: number, ms: number) => async (): Promise<void> => {
    running[kind]++;
    seen.order.push(`${kind} ${id}`);
    seen.scores = Math.max(seen.scores, running.score);
    seen.measures = Math.max(seen.measures, running.measure);
    seen.together ||= running.score > 0 && running.measure > 0;
    await sleep(ms);
    running[kind]--;
  };
  const ids = Array.from({ length: candidates }, (_, i) => i + 1).values();
  const worker = async (): Promise<void> => {
    for (const id of ids) {
      await turns.score(work('score', id, 2 + (id % 3)));
      await turns.measure(work('measure', id, 2 + (id % 2)));
    }
  };
  await Promise.all(Array.from({ length: turns.inFlight }, worker));
  return seen;
}

describe('turns', () => {
  it('of an exclusive source never overlap scoring, one after the other', async () => {
    const { together, order } = await observe(1, true, 3);
    expect(together).toBe(false);
    expect(order).toEqual(['score 1', 'measure 1', 'score 2', 'measure 2', 'score 3', 'measure 3']);
  });

  it('of an exclusive source stay apart with several scorings at once', async () => {
    const { together, scores, measures } = await observe(3, true, 12);
    expect(together).toBe(false);
    expect(scores).toBe(3);
    expect(measures).toBe(1);
  });

  it('let the next be scored while one is measured', async () => {
    const { together, scores, measures } = await observe(1, false, 6);
    expect(together).toBe(true);
    expect(scores).toBe(1);
    expect(measures).toBe(1);
  });

  it('let any number wait in a queue of the source, and scoring goes on', async () => {
    const turns = takeTurns(1, false, true);
    let measuring = 0;
    const measures = Array.from({ length: 5 }, () =>
      turns.measure(async () => {
        measuring += 1;
        await sleep(20);
      }),
    );
    expect(await turns.score(() => Promise.resolve(measuring))).toBe(5);
    await Promise.all(measures);
    expect(turns.inFlight).toBe(1);
  });

  it('pass on after work that fails', async () => {
    const turns = takeTurns(1, true);
    const failing = turns.score(() => Promise.reject(new Error('no')));
    const next = turns.measure(() => Promise.resolve('measured'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('measured');
  });
});
