/** Mini-batches as the engine takes them: drawn once per run by seed, the same for every candidate. */

export interface Batch {
  /** Normalised images, N x C x H x W. */
  readonly inputs: Float32Array;
  /** Class of each image, 0 <= target < classes. */
  readonly targets: Int32Array;
}

export interface BatchSet {
  readonly task: 'classification';
  readonly batchSize: number;
  /** Channels, height, width of one image. */
  readonly inputShape: readonly [number, number, number];
  /** Number of classes the targets come from. */
  readonly classes: number;
  readonly batches: readonly Batch[];
  /** Where the images came from and how they were drawn and normalised; stored with every run. */
  readonly description: string;
}
