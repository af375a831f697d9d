/**
 * Entry of the child that looks at descriptions while they are written: counting a space and building a
 * thousand of its networks would keep a window from responding, as could a faulty description.
 */
import { serve } from '../child/serve.ts';
import {
  drawnNetwork,
  factsOf,
  descriptionFaults,
  sampleSize,
  sizesOf,
  spaceOfText,
} from './preview.ts';
import type {
  PreviewCheckRequest,
  Checked,
  PreviewDrawRequest,
  SizesRequest,
} from './preview-protocol.ts';
import type { WhollyDescribed } from './described-space.ts';

/** Kept because the same text is asked about again and again, for one part of a sample after another. */
let latest: { readonly text: string; readonly space: WhollyDescribed } | null = null;

function spaceFor(text: string): WhollyDescribed {
  if (latest?.text !== text) latest = { text, space: spaceOfText(text) };
  return latest.space;
}

serve({
  check({ text }: PreviewCheckRequest): Checked {
    let space: WhollyDescribed;
    try {
      space = spaceFor(text);
    } catch (error) {
      return { facts: null, sampled: 0, faults: descriptionFaults(error) };
    }
    return { facts: factsOf(space), sampled: sampleSize(space), faults: [] };
  },
  draw: ({ text, number }: PreviewDrawRequest) => drawnNetwork(spaceFor(text), number),
  sizes: ({ text, from, count }: SizesRequest) => sizesOf(spaceFor(text), from, count),
});
