/** What is asked for when a model is converted. */
import type { ConvertTarget, FileType } from '../../common/converting.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import type { RangeMethod } from '../../common/quantising.ts';

export interface ConvertRequest {
  readonly model: string;
  readonly out: string;
  readonly target: ConvertTarget;
  readonly precision: DeployedPrecision;
  /** float32, N x C x H x W; int8 needs them or `data`, and without either nothing is checked. */
  readonly inputs: string | null;
  /** Images that are drawn; a path of null means those that ship with the product. */
  readonly data: { readonly path: string | null; readonly kind: string | null } | null;
  /** How many are drawn at most, and with which seed. */
  readonly images: number;
  readonly seed: number;
  readonly size: readonly [number, number] | null;
  readonly method: RangeMethod;
  readonly percentile: number;
  readonly io: FileType;
  readonly threads: number;
  readonly productVersion: string;
  /** Where the product's files lie. */
  readonly assetsFolder: string;
}

export interface ConvertProgress {
  readonly doing: string;
  /** Progress, from 0 to 1. */
  readonly share: number;
}
