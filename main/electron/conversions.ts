/** Converts models of the list of “Score a model”, one at a time, in a child. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Conversion, ConvertedModel, ModelSettings } from '../../preload/contract.ts';
import { WorkbenchError } from '../errors.ts';
import type { ConvertProgress, ConvertRequest } from '../export/convert/request.ts';
import type { ConvertReport } from '../export/convert/report.ts';
import { CancellableWork } from './cancellable-work.ts';
import type { ComputeTurn } from './compute-turn.ts';
import type { Convert } from './convert-model.ts';
import type { Models } from './models.ts';

export interface ConversionsOptions {
  readonly convert: Convert;
  readonly models: Pick<Models, 'list' | 'inputs'>;
  readonly turn: ComputeTurn;
  readonly progress: (progress: ConvertProgress & { readonly id: number }) => void;
}

/** How many images are drawn at most. */
const images = 64;
/** How many of the layers with the most noise are shown. */
const shownLayers = 5;

export class Conversions {
  readonly #options: ConversionsOptions;
  readonly #work: CancellableWork;

  constructor(options: ConversionsOptions) {
    this.#options = options;
    this.#work = new CancellableWork(options.turn);
  }

  /**
   * Null where it was cancelled.
   * @throws WorkbenchError `unknown-model`, what else computes, what `convert` throws
   */
  async run(id: number, folder: string, conversion: Conversion): Promise<ConvertedModel | null> {
    const { convert, models, progress } = this.#options;
    const { settings, models: rows } = models.list();
    const row = rows.find((one) => one.id === id);
    if (!row) {
      throw new WorkbenchError(
        'unknown-model',
        'This model is not in the list any more.',
        'Open its file again.',
      );
    }
    const { target, precision, ranges } = conversion;
    const request = {
      ...{ model: row.path, out: freeFile(folder, row.name, conversion), target, precision },
      ...imagesOf(settings, models.inputs, precision),
      ...{ images, seed: settings.seed, size: settings.size },
      ...{ method: ranges.method, percentile: ranges.percentile },
      ...{ io: 'float32' as const, threads: availableParallelism() },
    };
    return await this.#work.run('conversion', async (signal) =>
      shown(await convert(request, (one) => progress({ id, ...one }), signal)),
    );
  }

  cancel(): void {
    this.#work.cancel();
  }

  /** Cancels and waits until the child has ended. */
  async close(): Promise<void> {
    await this.#work.close();
  }
}

/** Those of the page. Throws `no-calibration-data` where these are noise, in which no range means anything. */
function imagesOf(
  { images: source, data }: ModelSettings,
  inputs: string | null,
  precision: Conversion['precision'],
): Pick<ConvertRequest, 'inputs' | 'data'> {
  if (source === 'arrays') return { inputs, data: null };
  if (source === 'pictures') return { inputs: null, data: { path: data, kind: null } };
  if (precision !== 'int8') return { inputs: null, data: null };
  throw new WorkbenchError(
    'no-calibration-data',
    'int8 needs images from which to find the ranges of values, and noise has none that mean anything.',
    'Choose pictures or an array on this page.',
  );
}

/** A name that is not taken: nothing of the person's is overwritten. */
function freeFile(folder: string, name: string, { target, precision }: Conversion): string {
  const base = `${path.parse(name).name}-${precision}`;
  for (let i = 1; ; i++) {
    const file = path.join(folder, `${base}${i === 1 ? '' : ` ${i}`}.${target}`);
    if (!existsSync(file)) return file;
  }
}

function shown({
  out,
  bytes,
  images,
  output,
  why,
  layers,
  inFloat,
  unvarying,
  storedAs,
}: ConvertReport): ConvertedModel {
  const noisy = layers.flatMap(({ layer, sqnrDb }) => (sqnrDb === null ? [] : [{ layer, sqnrDb }]));
  const kinds = [...new Set(inFloat.map(({ kind }) => kind))];
  return {
    ...{ file: out, bytes, images, output, why, unvarying, storedAs },
    worst: noisy.toSorted((a, b) => a.sqnrDb - b.sqnrDb).slice(0, shownLayers),
    inFloat: kinds.map((kind) => ({
      kind,
      count: inFloat.filter((one) => one.kind === kind).length,
    })),
  };
}
