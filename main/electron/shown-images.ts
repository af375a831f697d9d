/**
 * The images that are scored, as pictures, made in a child that lives for as long as somebody looks at them. People
 * look at them while a search runs, too, so it takes no turn to compute: it has what others leave of the cores.
 */
import { totalmem } from 'node:os';
import type { ChildProcesses } from '../child/process.ts';
import { SupervisedChild, type ChildLimits } from '../child/supervised-child.ts';
import type { ShownBatch } from '../common/shown-images.ts';
import type { Waiting } from '../task/data-source.ts';
import type { ShowRequest } from '../task/shown/protocol.ts';

/** Batches may take a quarter of the memory (draw-batches.ts); decoding and pictures come on top. */
const showLimits: ChildLimits = { timeoutMs: 300_000, memoryBytes: 0.4 * totalmem() };

export interface ShownImagesOptions {
  readonly processes: ChildProcesses;
  /** Script of the child. */
  readonly entry: string;
  /** Where the product's files lie. */
  readonly assetsFolder: string;
  readonly limits?: ChildLimits;
}

export class ShownImages {
  readonly #options: ShownImagesOptions;
  #child: SupervisedChild | null = null;

  constructor(options: ShownImagesOptions) {
    this.#options = options;
  }

  /** Throws what drawing the batches throws; `data-changed` where they have to be others; `images-aborted`. */
  show(
    request: Omit<ShowRequest, 'assetsFolder'>,
    { signal, onProgress }: Waiting = {},
  ): Promise<ShownBatch> {
    const { processes, entry, assetsFolder, limits = showLimits } = this.#options;
    this.#child ??= new SupervisedChild({ processes, entry, name: 'images', limits });
    const hear = onProgress && ((progress: unknown) => onProgress(progress as never));
    return this.#child.request('show', { ...request, assetsFolder }, signal, hear);
  }

  /** Nobody is looking any more: ends the child, and whatever it was asked. */
  letGo(): void {
    const child = this.#child;
    this.#child = null;
    void child?.close();
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    await child?.close();
  }
}
