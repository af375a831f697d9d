/** Labelled images that batches are drawn from. */

export interface LabelledImage {
  /** 0 <= label < classes of the data set. */
  readonly label: number;
  /** Raw bytes, C x H x W. */
  readonly pixels: Uint8Array;
}

export interface ImageDataset {
  /** What it is and where it came from, as part of a sentence: "256 CIFAR-10 images from x.bin". */
  readonly description: string;
  readonly count: number;
  /** Channels, height, width of one image. */
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /** Mean and standard deviation of each channel over values scaled to 0..1. */
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** Reads the images with these numbers (0 <= index < count) in the order asked for, and no others. */
  read(indices: readonly number[]): Promise<readonly LabelledImage[]>;
}
