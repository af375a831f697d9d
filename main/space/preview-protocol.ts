/** Requests that the preview child answers. Each carries the text: a restarted child knows nothing. */
import type { SpaceFacts, SpaceFault } from '../common/space-facts.ts';

export interface PreviewCheckRequest {
  readonly text: string;
}

/** Either facts or faults. */
export interface Checked {
  readonly facts: SpaceFacts | null;
  /** How many networks have sizes to ask for. */
  readonly sampled: number;
  readonly faults: readonly SpaceFault[];
}

export interface PreviewDrawRequest extends PreviewCheckRequest {
  readonly number: number;
}

export interface SizesRequest extends PreviewCheckRequest {
  readonly from: number;
  readonly count: number;
}
