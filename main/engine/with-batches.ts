/** An engine that is ready to score. */
import type { BatchSet } from '../task/batches.ts';
import type { Engine } from './engine.ts';

/** Hands over the batches; an engine that does not take them is closed. Throws what `useBatches` throws. */
export async function withBatches(engine: Engine, batches: BatchSet): Promise<Engine> {
  try {
    await engine.useBatches(batches);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
