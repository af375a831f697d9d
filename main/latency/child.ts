/** Entry of the latency child: runs the deployable form of a network at batch 1 and times it. */
import { serve } from '../child/serve.ts';
import { measureRepeat, release } from './measure-runs.ts';

serve({ repeat: measureRepeat, release });
