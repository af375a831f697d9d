/** What the scoring child loads of the onnxruntime engine. */
import type { Computing } from '../engine-kind.ts';
import { computeStatistics } from './statistics.ts';

export const compute: Computing['compute'] = (graph, batches, termCap, { threads }, memoryBytes) =>
  computeStatistics(graph, batches, termCap, threads, memoryBytes);
