/**
 * Batches on their way to a scoring process. Copying into a message blocks the sender and would freeze a
 * window, so images are sent in pieces, each of which is copied when its turn comes.
 */
import type { ConfiguringRequest } from '../child/supervised-child.ts';
import type { BatchHead, ScoringBatch } from './protocol.ts';

/** 512 KiB: some 10 ms of the sender's time where it is slowest. */
export const pieceOfValues = 2 ** 17;

/** Requests that give a child these batches, in this order. */
export function batchSteps(batches: readonly ScoringBatch[]): ConfiguringRequest[] {
  return batches.flatMap(({ inputs, targets }): ConfiguringRequest[] => {
    const head: BatchHead = { targets, values: inputs.length };
    const pieces = Array.from(
      { length: Math.ceil(inputs.length / pieceOfValues) },
      (_, i): ConfiguringRequest => ({
        method: 'images',
        // A view would be sent with its whole buffer, so it is copied, as late as possible.
        get payload() {
          return inputs.slice(i * pieceOfValues, (i + 1) * pieceOfValues);
        },
      }),
    );
    return [{ method: 'batch', payload: head }, ...pieces];
  });
}

/** The child's side: batches as they arrive, piece by piece. */
export class ReceivedBatches {
  #batches: ScoringBatch[] = [];
  /** How many values of the last batch have arrived. */
  #filled = 0;

  /** The batches begun so far; complete once all their pieces have arrived. */
  get batches(): readonly ScoringBatch[] {
    return this.#batches;
  }

  clear(): void {
    this.#batches = [];
  }

  begin({ targets, values }: BatchHead): void {
    // The parent sends batches of the task it named.
    this.#batches.push({ inputs: new Float32Array(values), targets } as ScoringBatch);
    this.#filled = 0;
  }

  /** Throws RangeError for more images than their batch was said to have. */
  add(images: Float32Array): void {
    this.#batches[this.#batches.length - 1]!.inputs.set(images, this.#filled);
    this.#filled += images.length;
  }
}
