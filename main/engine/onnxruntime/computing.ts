/** What the scoring child loads of the onnxruntime engine. */
import type { Computing } from '../engine-kind.ts';
import { computeProxies } from '../proxies/compute.ts';
import { evaluator } from './evaluate.ts';
import { computeStatistics } from './statistics.ts';

export const onnxruntimeComputing: Computing = {
  compute: (graph, batches, termCap, { threads }, memoryBytes) =>
    computeStatistics(graph, batches, termCap, threads, memoryBytes),
  proxies: (graph, batches, names, { threads }) =>
    computeProxies(graph, batches, names, evaluator(threads)),
};
