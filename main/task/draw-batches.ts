/** Draws a run's batches: from its seed, once, and without repetition. */
import { totalmem } from 'node:os';
import { distinctNumbers } from '../draw.ts';
import { WorkbenchError } from '../errors.ts';
import { generatorFor } from '../random.ts';
import { BatchFiller, type Image } from './batch-filler.ts';
import type { BatchSet, DataProblem } from './batches.ts';
import { dataWarnings } from './data-warnings.ts';
import type { Dataset, DatasetInfo, UnusableImage } from './dataset.ts';
import { isUnusable } from './problems.ts';

export interface DrawRequest {
  readonly batches: number;
  /** Images in a batch. */
  readonly batchSize: number;
  readonly seed: number;
  /** Height and width of the images, by default those of the data set's inputShape. */
  readonly size?: readonly [number, number];
}

/** The batches that a data set of this task yields. */
type BatchesOfDataset<D extends Dataset> = Extract<BatchSet, { task: D['task'] }>;

/** How many images are read at a time: enough to keep a decoder busy, few enough to fit into memory. */
const chunk = 8;
/** Warnings that a description repeats. */
const toldWarnings = 5;

/**
 * Batches of normalised images; no image is drawn twice. An image that cannot be used is left out with a
 * warning, and the next of the same seeded order takes its place. The same data set and request give the
 * same batches. The description ends with a digest of the images drawn, so that a resumed run notices
 * when its data changed meanwhile.
 *
 * Throws `too-few-images`, `one-batch-only`, `batches-too-large`, and what reading the data set throws.
 */
export async function drawBatches<D extends Dataset>(
  dataset: D,
  request: DrawRequest,
): Promise<BatchesOfDataset<D>> {
  const {
    batches,
    batchSize,
    seed,
    size = dataset.inputShape.slice(1) as [number, number],
  } = request;
  if (batches < 2) {
    throw new WorkbenchError(
      'one-batch-only',
      'ZiCo needs at least two batches: it divides by the standard deviation over batches.',
      'Ask for two or more batches.',
    );
  }
  const wanted = batches * batchSize;
  if (wanted > dataset.count) throw tooFew(dataset, request, []);
  assertFitMemory(request, [dataset.inputShape[0], ...size]);

  const filler = new BatchFiller(dataset, size, batches, batchSize);
  const warnings: DataProblem[] = [];
  const skipped: DataProblem[] = [];
  const order = distinctNumbers(generatorFor('batches', seed), dataset.count);
  while (filler.images < wanted) {
    const next = take(order, Math.min(chunk, wanted - filler.images));
    if (next.length === 0) throw tooFew(dataset, request, skipped);
    // One type for the images of all tasks: the filler knows from the data set which it gets.
    const images: readonly (Image | UnusableImage)[] = await dataset.read(next, size);
    for (const image of images) {
      if (isUnusable(image)) skipped.push(image.problem);
      // Of a class that the network does not know: the next one of the order takes its place.
      else if (!('label' in image) || image.label < dataset.classes) {
        filler.add(image);
        if ('warnings' in image) warnings.push(...(image.warnings ?? []));
      }
    }
  }
  const batchSet = filler.batchSet(
    [
      `${dataset.description}: ${batches} batches of ${batchSize} drawn without repetition with seed ${seed}`,
      ...resizing(dataset, size),
      normalising(dataset),
    ].join(', ') +
      told('image left out', 'images left out', skipped) +
      told('warning', 'warnings', warnings),
    [...skipped, ...warnings],
    dataWarnings(skipped, warnings, (await dataset.changes?.()) ?? []),
  );
  return batchSet as BatchesOfDataset<D>;
}

/** All batches are kept in memory, here and in the scoring process. */
const mostBytes = 0.25 * totalmem();

function assertFitMemory(
  { batches, batchSize }: DrawRequest,
  [channels, height, width]: readonly [number, number, number],
): void {
  const bytes = 4 * batches * batchSize * channels * height * width;
  if (bytes <= mostBytes) return;
  const gibibytes = (count: number) => (count / 2 ** 30).toFixed(1);
  throw new WorkbenchError(
    'batches-too-large',
    `${batches} batches of ${batchSize} images of ${height} x ${width} take ${gibibytes(bytes)} GiB; ${gibibytes(mostBytes)} GiB of this computer can be used for them.`,
    'Use smaller images, or fewer of them in a batch.',
  );
}

function take(numbers: Generator<number, void>, wanted: number): number[] {
  const taken: number[] = [];
  while (taken.length < wanted) {
    const next = numbers.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

/** How images were brought to their size, in words; empty where they are stored at that size. */
function resizing({ task, fit, storedSize }: DatasetInfo, [height, width]: readonly number[]) {
  if (fit === 'fixed' || (storedSize && storedSize[0] === height && storedSize[1] === width))
    return [];
  const how =
    fit === 'cover'
      ? `resized bilinearly to cover ${height} x ${width} with the middle kept`
      : `resized bilinearly to fit into ${height} x ${width} at the top left, the rest the mean colour`;
  if (task !== 'segmentation') return [how];
  return [how, 'masks by the nearest pixel, the rest ignored'];
}

function normalising({ normalisation }: DatasetInfo): string {
  if (!normalisation) return 'not normalised any further';
  const { mean, std } = normalisation;
  return `scaled to 0..1 and normalised with mean ${mean.join(', ')} and standard deviation ${std.join(', ')}`;
}

function told(one: string, many: string, problems: readonly DataProblem[]): string {
  if (problems.length === 0) return '';
  const first = problems.slice(0, toldWarnings).map(({ file, reason }) => `${file}: ${reason}`);
  const more = problems.length > first.length ? ', ...' : '';
  return `; ${problems.length} ${problems.length === 1 ? one : many} (${first.join(', ')}${more})`;
}

function tooFew(
  dataset: DatasetInfo,
  { batches, batchSize }: DrawRequest,
  skipped: readonly DataProblem[],
): WorkbenchError {
  const usable = dataset.count - skipped.length;
  const there =
    skipped.length === 0
      ? `there ${dataset.count === 1 ? 'is' : 'are'} only ${dataset.count} (${dataset.description})`
      : `only ${usable} of ${dataset.count} can be used (${dataset.description}; ${skipped[0]!.file}: ${skipped[0]!.reason})`;
  const most = Math.floor(usable / batches);
  return new WorkbenchError(
    'too-few-images',
    `${batches} batches of ${batchSize} need ${batches * batchSize} images, but ${there}.`,
    most > 0
      ? `Use a batch size of at most ${most}, fewer batches, or more images.`
      : 'Use more images.',
  );
}
