import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keptForMs, WarmEngine } from '../../../main/electron/warm-engine.ts';
import type { Engine } from '../../../main/engine/engine.ts';

const scored = { termCap: 100, batches: 2 };
let log: string[];
let warm: WarmEngine;

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  warm = new WarmEngine((wish, precision) => {
    const name = `${wish} ${precision}`;
    log.push(`open ${name}`);
    const close = () => Promise.resolve(void log.push(`close ${name}`));
    return { close } as unknown as Engine;
  });
});
afterEach(() => void vi.useRealTimers());

it('is the same engine for whoever asks again in time', () => {
  const first = warm.take('auto', 'float32', scored);
  warm.rest();
  vi.advanceTimersByTime(keptForMs - 1);
  expect(warm.take('auto', 'float32', scored)).toBe(first);
  vi.advanceTimersByTime(10 * keptForMs); // it is in use now
  expect(log).toEqual(['open auto float32']);
});

it('gives its memory back when nobody asks', () => {
  warm.take('auto', 'float32', scored);
  warm.rest();
  vi.advanceTimersByTime(keptForMs);
  expect(log).toEqual(['open auto float32', 'close auto float32']);
  warm.take('auto', 'float32', scored);
  expect(log).toHaveLength(3);
});

it('makes way for another engine or precision', async () => {
  warm.take('onednn', 'float32', scored);
  warm.take('onednn', 'bf16', scored);
  expect(log).toEqual(['open onednn float32', 'close onednn float32', 'open onednn bf16']);
  await warm.close();
  await warm.close();
  expect(log.slice(3)).toEqual(['close onednn bf16']);
});

it('makes way where the number of batches makes automatic another precision', () => {
  warm.take('auto', 'auto', { termCap: 100, batches: 2 });
  warm.take('auto', 'auto', { termCap: 100, batches: 3 });
  expect(log).toHaveLength(1);
  warm.take('auto', 'auto', { termCap: 100, batches: 4 });
  expect(log.slice(1)).toEqual(['close auto auto', 'open auto auto']);
});
