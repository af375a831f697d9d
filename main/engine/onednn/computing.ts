/** What the scoring child loads of the onednn engine. */
import type { Computing } from '../engine-kind.ts';
import { assertNative } from './check.ts';
import { computeProxies } from '../proxies/compute.ts';
import { nativeEvaluator } from './evaluate.ts';
import { computeNativeStatistics } from './statistics.ts';

export const onednnComputing: Computing = {
  compute(graph, batches, termCap, engine, memoryBytes) {
    const { threads, precision, instructions } = engine;
    const options = [threads, false, precision, memoryBytes, instructions] as const;
    return computeNativeStatistics(graph, batches, termCap, ...options);
  },
  proxies: (graph, batches, names, engine, memoryBytes) =>
    computeProxies(graph, batches, names, nativeEvaluator(engine, memoryBytes)),
  check: assertNative,
};
