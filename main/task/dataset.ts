/** Images with their targets, from which batches are drawn: they are read in any order, by number. */
import type { DataProblem, ProblemKind, Task } from './batches.ts';

/**
 * C x H x W: bytes that have yet to be normalised as the data set says, or floats that are used as they are
 * (arrays that the user prepared).
 */
export type Pixels = Uint8Array | Float32Array;

interface ImageOf {
  readonly pixels: Pixels;
  /** Height and width as stored; absent where the data set's storedSize says it. */
  readonly stored?: readonly [number, number];
  /** What had to be left out of this image, such as a box without area. */
  readonly warnings?: readonly DataProblem[];
  /** What a person may want to know about this image although nothing was left out. */
  readonly notes?: readonly DataProblem[];
}

export interface LabelledImage extends ImageOf {
  /** 0 <= label < classes of the data set. */
  readonly label: number;
}

export interface MaskedImage extends ImageOf {
  /** H x W: class of each pixel, or `ignoredClass`. */
  readonly mask: Uint8Array;
}

export interface BoxedImage extends ImageOf {
  /** Rows of x1, y1, x2, y2 in pixels of the image as returned here. */
  readonly boxes: Float32Array;
  readonly classes: Int32Array;
}

/** An image that cannot be used; the next one is drawn instead. */
export interface UnusableImage {
  readonly problem: DataProblem;
  /** The class of each thing in it that `classCounts` has counted; absent where that counts nothing of it. */
  readonly countedAs?: readonly number[];
}

/** How an image is brought to the size asked for. */
export type Fit =
  /** Scaled until it covers the target; what sticks out is cut off equally on both sides. */
  | 'cover'
  /** Scaled until it fits into the target, at the top left; the rest is filled with the mean colour. */
  | 'letterbox'
  /** Arrays cannot be resized. */
  | 'fixed';

/** Mean and standard deviation of each channel over values scaled to 0..1. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * Everything about a data set except its images: known without decoding any, and fit to be sent to another
 * process.
 */
export interface DatasetInfo {
  /** Name of one of the kinds in kinds/. */
  readonly kind: string;
  readonly task: Task;
  /** What it is and where it came from, as part of a sentence: "256 CIFAR-10 images from x.bin". */
  readonly description: string;
  readonly count: number;
  /** Channels, height and width of an image where no other size is asked for. */
  readonly inputShape: readonly [number, number, number];
  /** Height and width of every image as it is stored; null where they may differ. */
  readonly storedSize: readonly [number, number] | null;
  readonly fit: Fit;
  readonly classes: number;
  /** A name for each class. */
  readonly classNames: readonly string[];
  /** Images (classification) or boxes (detection) of each class; null where only decoding could tell. */
  readonly classCounts: readonly number[] | null;
  /** Null where images are used as they are. */
  readonly normalisation: Normalisation | null;
  /** The first problems found so far; `problemCount` counts all of them. */
  readonly problems: readonly DataProblem[];
  readonly problemCount: number;
  /** The same grouped by kind, where there are more than are kept word for word. */
  readonly problemKinds?: readonly ProblemKind[];
}

interface DatasetOf<T extends Task, I> extends DatasetInfo {
  readonly task: T;
  /**
   * Reads the images with these numbers (0 <= index < count) in the order asked for, and no others.
   * `size` is height and width, by default those of `inputShape`.
   */
  read(
    indices: readonly number[],
    size?: readonly [number, number],
  ): Promise<readonly (I | UnusableImage)[]>;
  /** What has changed on disk since it was opened; absent where nobody kept watch. */
  readonly changes?: () => Promise<readonly DataProblem[]>;
}

export type ClassificationDataset = DatasetOf<'classification', LabelledImage>;
export type SegmentationDataset = DatasetOf<'segmentation', MaskedImage>;
export type DetectionDataset = DatasetOf<'detection', BoxedImage>;
export type Dataset = ClassificationDataset | SegmentationDataset | DetectionDataset;

/** ImageNet's statistics, with which networks for photographs are trained. */
export const photographNormalisation: Normalisation = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
