/** Draws a run's batches: by seed, once, without repetition. */
import { createHash } from 'node:crypto';
import { drawDistinct } from '../draw.ts';
import { WorkbenchError } from '../errors.ts';
import { generatorFor } from '../graph/random.ts';
import type { ClassificationBatch as Batch, ClassificationBatches as BatchSet } from './batches.ts';
import type { ImageDataset, LabelledImage } from './dataset.ts';

export interface DrawRequest {
  readonly batches: number;
  /** Images in a batch. */
  readonly batchSize: number;
  readonly seed: number;
}

/**
 * Batches of normalised images; no image is drawn twice. The same data set and request give the same
 * batches. The description ends with a digest of the images drawn, so that a resumed run notices when
 * its data changed meanwhile.
 *
 * Throws `too-few-images`, `one-batch-only`, and what reading the data set throws.
 */
export async function drawBatches(dataset: ImageDataset, request: DrawRequest): Promise<BatchSet> {
  const { batches, batchSize, seed } = request;
  if (batches < 2) {
    throw new WorkbenchError(
      'one-batch-only',
      'ZiCo needs at least two batches: it divides by the standard deviation over batches.',
      'Ask for two or more batches.',
    );
  }
  const wanted = batches * batchSize;
  if (wanted > dataset.count) {
    throw new WorkbenchError(
      'too-few-images',
      `${batches} batches of ${batchSize} need ${wanted} images, but there are only ${dataset.count} (${dataset.description}).`,
      `Use a batch size of at most ${Math.floor(dataset.count / batches)}, fewer batches, or more images (--data).`,
    );
  }
  const images = await dataset.read(
    drawDistinct(generatorFor('batches', seed), dataset.count, wanted),
  );
  const { mean, std } = dataset.normalisation;
  return {
    task: 'classification',
    batchSize,
    inputShape: dataset.inputShape,
    classes: dataset.classes,
    batches: Array.from({ length: batches }, (_, b) =>
      toBatch(images.slice(b * batchSize, (b + 1) * batchSize), dataset),
    ),
    description:
      `${dataset.description}: ${batches} batches of ${batchSize} drawn without repetition with seed ${seed}, ` +
      `scaled to 0..1 and normalised with mean ${mean.join(', ')} and standard deviation ${std.join(', ')}; ` +
      `digest ${digestOf(images)}`,
  };
}

function toBatch(images: readonly LabelledImage[], dataset: ImageDataset): Batch {
  const [channels, height, width] = dataset.inputShape;
  const { mean, std } = dataset.normalisation;
  const plane = height * width;
  const inputs = new Float32Array(images.length * channels * plane);
  let at = 0;
  for (const { pixels } of images) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < plane; i++)
        inputs[at++] = (pixels[c * plane + i] / 255 - mean[c]) / std[c];
    }
  }
  return { inputs, targets: Int32Array.from(images, ({ label }) => label) };
}

function digestOf(images: readonly LabelledImage[]): string {
  const hash = createHash('sha256');
  for (const { label, pixels } of images) hash.update(Uint8Array.of(label)).update(pixels);
  return hash.digest('hex').slice(0, 16);
}
