/** Puts images into batches of one task, one after the other and normalised, and computes a digest of them. */
import { createHash } from 'node:crypto';
import type {
  BatchSet,
  ClassificationBatch,
  DataProblem,
  DetectionBatch,
  ImageBoxes,
  SegmentationBatch,
} from './batches.ts';
import type { Warning } from '../warning.ts';
import type { BoxedImage, DatasetInfo, LabelledImage, MaskedImage, Pixels } from './dataset.ts';

export type Image = LabelledImage | MaskedImage | BoxedImage;

export class BatchFiller {
  /** How many images there are so far. */
  images = 0;
  private readonly dataset: DatasetInfo;
  private readonly size: readonly [number, number];
  private readonly batchSize: number;
  private readonly inputs: Float32Array[];
  private readonly labels: number[] = [];
  private readonly masks: Uint8Array[];
  private readonly boxes: ImageBoxes[] = [];
  private readonly digest = createHash('sha256');

  /** @param size height and width of every image */
  constructor(
    dataset: DatasetInfo,
    size: readonly [number, number],
    batches: number,
    batchSize: number,
  ) {
    this.dataset = dataset;
    this.size = size;
    this.batchSize = batchSize;
    const plane = size[0] * size[1];
    const each = <T>(make: () => T): T[] => Array.from({ length: batches }, make);
    this.inputs = each(() => new Float32Array(batchSize * dataset.inputShape[0] * plane));
    const masked = dataset.task === 'segmentation';
    this.masks = masked ? each(() => new Uint8Array(batchSize * plane)) : [];
  }

  add(image: Image): void {
    const batch = Math.floor(this.images / this.batchSize);
    const place = this.images % this.batchSize;
    this.digestTarget(image);
    this.digest.update(image.pixels);
    const { normalisation, inputShape } = this.dataset;
    const plane = this.size[0] * this.size[1];
    const start = place * inputShape[0] * plane;
    if (!normalisation) this.inputs[batch]!.set(image.pixels, start);
    else normalise(image.pixels, normalisation, plane, this.inputs[batch]!, start);
    if ('label' in image) this.labels.push(image.label);
    else if ('mask' in image) this.masks[batch]!.set(image.mask, place * plane);
    else this.boxes.push({ boxes: image.boxes, classes: image.classes });
    this.images += 1;
  }

  /**
   * @param description to which the digest is appended: it has to be at the end, where a resume looks for it
   */
  batchSet(
    description: string,
    warnings: readonly DataProblem[],
    notes: readonly Warning[],
  ): BatchSet {
    const { dataset, batchSize, inputs } = this;
    const common = {
      batchSize,
      inputShape: [dataset.inputShape[0], ...this.size] as const,
      classes: dataset.classes,
      description: `${description}; digest ${this.digest.copy().digest('hex').slice(0, 16)}`,
      ...{ warnings, notes },
    };
    const slice = <T>(all: readonly T[], b: number) =>
      all.slice(b * batchSize, (b + 1) * batchSize);
    switch (dataset.task) {
      case 'classification': {
        const batches = inputs.map((images, b): ClassificationBatch => ({
          inputs: images,
          targets: Int32Array.from(slice(this.labels, b)),
        }));
        return { ...common, task: dataset.task, batches };
      }
      case 'segmentation': {
        const batches = inputs.map((images, b): SegmentationBatch => ({
          inputs: images,
          targets: this.masks[b]!,
        }));
        return { ...common, task: dataset.task, batches, maskShape: this.size };
      }
      case 'detection': {
        const batches = inputs.map((images, b): DetectionBatch => ({
          inputs: images,
          targets: slice(this.boxes, b),
        }));
        return { ...common, task: dataset.task, batches };
      }
    }
  }

  private digestTarget(image: Image): void {
    if ('label' in image) {
      const { label } = image;
      this.digest.update(label < 256 ? Uint8Array.of(label) : Int32Array.of(label));
    } else if ('mask' in image) this.digest.update(image.mask);
    else this.digest.update(image.boxes).update(image.classes);
  }
}

function normalise(
  pixels: Pixels,
  { mean, std }: NonNullable<DatasetInfo['normalisation']>,
  plane: number,
  inputs: Float32Array,
  start: number,
): void {
  let at = start;
  for (let c = 0; c < mean.length; c++) {
    for (let i = 0; i < plane; i++)
      inputs[at++] = (pixels[c * plane + i]! / 255 - mean[c]!) / std[c]!;
  }
}
