/** What the child that shows images is asked. */
import type { DataChoice } from '../data-source.ts';
import type { Takers } from '../draw-for-networks.ts';
import type { DrawRequest } from '../draw-batches.ts';

export interface ShowRequest {
  readonly data: Pick<DataChoice, 'data' | 'task'>;
  readonly takers: Takers;
  readonly draw: Omit<DrawRequest, 'size'>;
  /** Height and width at which one network takes them; null for the size at which they are drawn. */
  readonly size: readonly [number, number] | null;
  /** Description of the images that they have to be; null where any will do. */
  readonly same: string | null;
  /** Number of the batch, from 0. */
  readonly batch: number;
  /** Place of the first image in it. */
  readonly first: number;
  /** Read and drawn again, whatever is kept. */
  readonly anew: boolean;
  /** Where the product's files lie. */
  readonly assetsFolder: string;
}
