/** Every kind of block, by the name it has in descriptions. */
import type { Stage } from '../../common/space-description.ts';
import { fusedMbconv, mbconv } from './mbconv.ts';
import { natsCell, natsReduction } from './nats.ts';
import type { BlockBuilder } from './parts.ts';
import { basic, bottleneck, convBlock } from './residual.ts';

export const blocks: Readonly<Record<Stage['block'], BlockBuilder>> = {
  conv: convBlock,
  basic,
  bottleneck,
  mbconv,
  'fused-mbconv': fusedMbconv,
  'nats-cell': natsCell,
  'nats-reduction': natsReduction,
};
