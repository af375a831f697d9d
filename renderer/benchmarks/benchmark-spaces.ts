/** The spaces of which accuracies are known, as forms and presets take them. */
import type { BenchmarkSettings, BenchmarkSpace } from '../../main/common/benchmarks.ts';
import { presetValues, type PresetFacts } from '../../main/common/presets.ts';

/** What presets go by. */
export const presetFactsOf: Readonly<Record<BenchmarkSpace, PresetFacts>> = {
  'nats-sss': { task: 'classification', scoringShape: [3, 32, 32], varies: 'widths' },
  'nas-bench-201': { task: 'classification', scoringShape: [3, 32, 32], varies: 'topology' },
};

/** The beta that a benchmark's preset ranks by. */
export const usualBeta = ({ preset, space }: BenchmarkSettings): number =>
  presetValues(preset, presetFactsOf[space]).beta;
