/** What the scoring child loads of the onnxruntime engine. */
import type { Computing } from '../engine-kind.ts';
import { computeProxies } from '../proxies/compute.ts';
import { evaluator } from './evaluate.ts';
import { computeStatistics } from './statistics.ts';

export const compute: Computing['compute'] = (graph, batches, termCap, { threads }, memoryBytes) =>
  computeStatistics(graph, batches, termCap, threads, memoryBytes);

export const proxies: Computing['proxies'] = (graph, batches, names, { threads }) =>
  computeProxies(graph, batches, names, evaluator(threads));
