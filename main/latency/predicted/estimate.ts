/**
 * The estimate: a time for every operation, linear in what it computes and moves, then a line through the
 * sums of a whole network. All coefficients are non-negative, so that more work never takes less time.
 */
import { operationKinds, type Operation, type OperationKind } from './operation.ts';
import type { KnownErrors, MeasuredRange } from './range.ts';

/** Microseconds: per operation, per 1e6 MACs, weights, input and output elements. */
export type OperationCoefficients = readonly [number, number, number, number, number];

export interface LatencyModel {
  readonly operations: Readonly<Record<OperationKind, OperationCoefficients>>;
  /** Milliseconds: once, per 100 operations, per 1e6 output elements, per 1e6 weights. */
  readonly network: readonly [number, number, number, number];
  /** Factors of the summed operation times, by kind. */
  readonly kinds: Readonly<Record<OperationKind, number>>;
  readonly range: MeasuredRange;
  readonly errors: KnownErrors;
}

export function operationFeatures(operation: Operation): readonly number[] {
  const { macs, weights, inputElements, outputElements } = operation;
  return [1, macs / 1e6, weights / 1e6, inputElements / 1e6, outputElements / 1e6];
}

/** In the order: LatencyModel.network, then LatencyModel.kinds in the order of operationKinds. */
export function networkFeatures(
  operations: readonly Operation[],
  coefficients: LatencyModel['operations'],
): readonly number[] {
  const milliseconds = new Map<OperationKind, number>();
  let outputs = 0;
  let weights = 0;
  for (const operation of operations) {
    const time = dot(operationFeatures(operation), coefficients[operation.kind]) / 1e3;
    milliseconds.set(operation.kind, (milliseconds.get(operation.kind) ?? 0) + time);
    outputs += operation.outputElements;
    weights += operation.weights;
  }
  const sums = operationKinds.map((kind) => milliseconds.get(kind) ?? 0);
  return [1, operations.length / 100, outputs / 1e6, weights / 1e6, ...sums];
}

/** @returns milliseconds for one image */
export function estimateMs(
  operations: readonly Operation[],
  model: Pick<LatencyModel, 'operations' | 'network' | 'kinds'>,
): number {
  const factors = [...model.network, ...operationKinds.map((kind) => model.kinds[kind])];
  return dot(networkFeatures(operations, model.operations), factors);
}

/** The share of its estimated time that a network spends in each kind of operation. */
export function timeShares(
  operations: readonly Operation[],
  model: Pick<LatencyModel, 'operations' | 'network' | 'kinds'>,
): ReadonlyMap<OperationKind, number> {
  const whole = estimateMs(operations, model);
  const sums = networkFeatures(operations, model.operations).slice(model.network.length);
  return new Map(
    operationKinds.map((kind, i) => [
      kind,
      whole > 0 ? ((sums[i] ?? 0) * model.kinds[kind]) / whole : 0,
    ]),
  );
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
