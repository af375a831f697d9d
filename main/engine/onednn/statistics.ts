/** One candidate's gradient statistics on oneDNN; the gradients never leave the add-on. */
import { reportOf } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Layer } from '../../graph/layers.ts';
import type { BatchSet } from '../../task/batches.ts';
import type { LayerStatistics } from '../engine.ts';
import {
  assertFiniteGradient,
  assertFiniteLoss,
  connectedLayers,
  layerStatisticsOf,
  noGradient,
  scoredLayers,
} from '../scored-layers.ts';
import type { InstructionSet } from '../instructions.ts';
import type { Precision } from '../precision.ts';
import { assertFitsMemory, bytesOfWeights } from '../memory-bound.ts';
import { addonFor, neededBytes, type NativeResult } from './addon.ts';
import type { Plan } from './plan.ts';
import { planned, plannedInTurn, type Planned } from './planned.ts';
import { nativeTask } from './task.ts';

export interface NativeStatistics {
  readonly layers: readonly LayerStatistics[];
  readonly losses: readonly number[];
  /** How the add-on spent its time; steps only where asked for. */
  readonly native: NativeResult;
}

/**
 * @param memoryBytes a network that needs more is refused before anything is allocated
 * @throws WorkbenchError `operator-not-native` and `memory-lower-bound` before anything is computed,
 * `gradient-not-finite`, `no-layers`, `weights-not-finite`, `precision-unavailable`,
 * `instructions-unavailable`, what the graph refuses
 */
export async function computeNativeStatistics(
  network: Graph,
  batches: BatchSet,
  termCap: number,
  threads: number,
  timed = false,
  precision: Precision = 'float32',
  memoryBytes = Infinity,
  instructions?: InstructionSet,
): Promise<NativeStatistics> {
  const { graph, planBatches } = nativeTask(network, batches);
  const layers = scoredLayers(graph);
  const connected = connectedLayers(graph, layers);
  const fits = (bytes: number) => assertFitsMemory(bytes, memoryBytes, network.name);
  fits(bytesOfWeights(graph)); // lowering makes numbers of some of them
  const addon = addonFor(precision, instructions);
  const winograd = precision === 'float32-winograd';
  const numbers = { bf16: precision === 'bf16', winograd };
  const run = async ({ plan, shapes, together }: Planned): Promise<NativeStatistics> => {
    const beside = bytesBeside(plan);
    const asked = { termCap, threads, together, memoryBytes: memoryBytes - beside, ...numbers };
    const request = { ...plan, batches: planBatches(), ...asked };
    const native = await addon.run(request, timed).catch((error: unknown) => {
      const needed = neededBytes(error);
      if (needed !== null) fits(needed + beside);
      throw error;
    });
    assertFinite(native, connected);
    const sums = new Map(connected.map((layer, index) => [layer, native.layers[index]!]));
    const none = noGradient(batches.batches.length);
    return {
      native,
      losses: native.losses,
      layers: layers.map((layer) => layerStatisticsOf(layer, shapes, sums.get(layer) ?? none)),
    };
  };
  const task = {
    graph,
    weights: connected.map(({ weight }) => weight),
    ...{ batches: batches.batches.length, batchSize: batches.batchSize },
  };
  const mayJoin = winograd && addon.instructions !== 'scalar';
  const first = mayJoin ? planned(task) : plannedInTurn(task);
  return await run(first).catch((error: unknown) => {
    // Several batches at once need more memory, and give the same result.
    if (first.together === 1 || reportOf(error).code !== 'memory-lower-bound') throw error;
    return run(plannedInTurn(task));
  });
}

/** Bytes of the constants that the add-on reads in place. */
const bytesBeside = ({ values }: Plan): number =>
  values.reduce((sum, { constant }) => sum + (constant?.byteLength ?? 0), 0);

function assertFinite(native: NativeResult, layers: readonly Layer[]): void {
  native.losses.forEach((loss, batch) => {
    native.layers.forEach(({ gradientNorms }, index) =>
      assertFiniteGradient(layers[index]!, gradientNorms[batch]!, batch, loss),
    );
    assertFiniteLoss(loss, batch);
  });
}
