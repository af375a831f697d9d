/** Requests that the preview child answers. Each carries the text: a restarted child knows nothing. */
import type { Fault, SpaceFacts } from './preview.ts';

export interface CheckRequest {
  readonly text: string;
}

/** Either facts or faults. */
export interface Checked {
  readonly facts: SpaceFacts | null;
  /** How many networks have sizes to ask for. */
  readonly sampled: number;
  readonly faults: readonly Fault[];
}

export interface DrawRequest extends CheckRequest {
  readonly number: number;
}

export interface SizesRequest extends CheckRequest {
  readonly from: number;
  readonly count: number;
}
