/**
 * Mini-batches as the engine takes them: drawn once per run from its seed, and the same for every candidate.
 */
import type { Task } from '../common/tasks.ts';
import type { Warning } from '../warning.ts';
import type { SharedAnchor } from './detection/assign.ts';

export type { Task };

/** A pixel of a mask that the loss ignores. */
export const ignoredClass = 255;

/** A file that could not be used, and why: an image left out, a folder without images. */
export interface DataProblem {
  readonly file: string;
  /** Does not repeat the file's name, but names the line, record or annotation at fault. */
  readonly reason: string;
}

/** Problems of one kind: the same except for names and numbers. */
export interface ProblemKind {
  readonly kind: string;
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly DataProblem[];
}

export interface ClassificationBatch {
  /** Normalised images, N x C x H x W. */
  readonly inputs: Float32Array;
  /** Class of each image, 0 <= target < classes. */
  readonly targets: Int32Array;
}

export interface SegmentationBatch {
  /** Normalised images, N x C x H x W. */
  readonly inputs: Float32Array;
  /** Class of each pixel, N x maskShape: 0 <= target < classes, or `ignoredClass`. */
  readonly targets: Uint8Array;
}

/** The objects of one image. */
export interface ImageBoxes {
  /** Rows of x1, y1, x2, y2 in pixels of the network's input: edges, x to the right, y downwards, x1 < x2, y1 < y2. */
  readonly boxes: Float32Array;
  /** Class of each box, 0 <= class < classes; there is no class for the background. */
  readonly classes: Int32Array;
}

export interface DetectionBatch {
  /** Normalised images, N x C x H x W. */
  readonly inputs: Float32Array;
  /** One entry per image; an image may have no boxes. */
  readonly targets: readonly ImageBoxes[];
}

interface BatchesOf<T extends Task, B> {
  readonly task: T;
  readonly batchSize: number;
  /** Channels, height, width of one image. */
  readonly inputShape: readonly [number, number, number];
  /** Number of classes that the targets may have. */
  readonly classes: number;
  readonly batches: readonly B[];
  /** Where the images came from and how they were drawn and normalised; stored with every run. */
  readonly description: string;
  /** Present where networks take images of their own size: each gets these, brought to its size. */
  readonly severalSizes?: true;
  /**
   * Images that were drawn and left out, and boxes that were left out of images. Absent where nothing can be
   * left out.
   */
  readonly warnings?: readonly DataProblem[];
  /** The same as warnings for people, stored with what is scored on these batches. */
  readonly notes?: readonly Warning[];
}

export type ClassificationBatches = BatchesOf<'classification', ClassificationBatch>;
export interface SegmentationBatches extends BatchesOf<'segmentation', SegmentationBatch> {
  /** Height and width of a mask: those of the input. */
  readonly maskShape: readonly [number, number];
}
export interface DetectionBatches extends BatchesOf<'detection', DetectionBatch> {
  /** Absent means first. Runs that version 0.1 began continue with last. */
  readonly sharedAnchor?: SharedAnchor;
}

export type BatchSet = ClassificationBatches | SegmentationBatches | DetectionBatches;
