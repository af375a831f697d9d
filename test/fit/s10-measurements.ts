/** The published measurements of the Galaxy S10 as operations and whole-network latencies. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PredictedKind } from '../../main/common/latency-sources.ts';
import { convolution, windowed, type Operation } from '../../main/latency/predicted/operation.ts';
import type { Known } from '../../main/common/known.ts';

const folder = path.join(import.meta.dirname, '..', 'golden', 'latency-s10');

/** Every network was measured with images of 224 x 224. */
export const measuredPixels = 224 * 224;

export interface MeasuredOperation {
  readonly operation: Operation;
  /** On the GPU. */
  readonly microseconds: number;
}

export interface MeasuredNetwork {
  readonly name: string;
  readonly milliseconds: number;
  readonly operations: readonly MeasuredOperation[];
}

/** Columns of cpu.csv. */
const cpuColumns: Readonly<Partial<Record<PredictedKind, string>>> = {
  'predicted-s10-cpu': 'big_float32',
  'predicted-s10-cpu-int8': 'big_int8',
  'predicted-s10-cpu-mid': 'mid_float32',
  'predicted-s10-cpu-mid-int8': 'mid_int8',
  'predicted-s10-cpu-little': 'little_float32',
  'predicted-s10-cpu-little-int8': 'little_int8',
};

function table(file: string): { readonly head: readonly string[]; readonly rows: string[][] } {
  const [head = '', ...lines] = readFileSync(path.join(folder, file), 'utf8').trim().split('\n');
  return { head: head.split(','), rows: lines.map((line) => line.split(',')) };
}

/** Whole-network latency of each network, in microseconds. */
function networkTimes(kind: PredictedKind): ReadonlyMap<string, number> {
  const column = cpuColumns[kind];
  const { head, rows } = table(column === undefined ? 'networks.csv' : 'cpu.csv');
  const place = column === undefined ? 1 : head.indexOf(column);
  return new Map(rows.map((row) => [row[0]!, Number(row[place])]));
}

/** @param kind whose whole-network latencies: a core's or the GPU's */
export function readS10Measurements(
  kind: PredictedKind = 'predicted-s10-gpu',
): readonly MeasuredNetwork[] {
  const operations = new Map<string, MeasuredOperation[]>();
  for (const row of table('operations.csv').rows) {
    const list = operations.get(row[0]!) ?? [];
    list.push({ operation: operationOf(row), microseconds: Number(row[9]) });
    operations.set(row[0]!, list);
  }
  return Array.from(networkTimes(kind), ([name, microseconds]) => ({
    name,
    milliseconds: microseconds / 1e3,
    operations: operations.get(name) ?? [],
  }));
}

function operationOf(row: readonly string[]): Operation {
  const [, operation] = row;
  const [inputSize, inputChannels, outputSize, stride, kernel, filters, groups] = row
    .slice(2, 9)
    .map(Number) as Known<number>;
  const output = [outputSize, outputSize] as const;
  const window = [kernel, kernel] as const;
  const strides = [stride, stride] as const;
  const plain = { macs: 0, weights: 0 };
  switch (operation) {
    case 'CONV_2D':
    case 'CONV_2D_GROUP':
    case 'DEPTHWISE_CONV_2D': {
      const depthwise = operation === 'DEPTHWISE_CONV_2D';
      return convolution({
        inputChannels,
        outputChannels: depthwise ? inputChannels : filters,
        group: depthwise ? inputChannels : groups,
        kernel: window,
        strides,
        output,
      });
    }
    case 'FULLY_CONNECTED': {
      const macs = inputChannels * filters;
      const moved = { inputElements: inputChannels, outputElements: filters };
      return { kind: 'fully-connected', macs, weights: macs, ...moved };
    }
    case 'MAX_POOL_2D':
    case 'AVERAGE_POOL_2D': {
      const outputElements = outputSize ** 2 * inputChannels;
      const inputElements = inputChannels * windowed(output, window, strides);
      return {
        ...plain,
        kind: 'pool',
        macs: outputElements * kernel ** 2,
        inputElements,
        outputElements,
      };
    }
    case 'MEAN': {
      const inputElements = inputSize ** 2 * inputChannels;
      return { ...plain, kind: 'mean', inputElements, outputElements: inputChannels };
    }
    case 'CONCATENATION': {
      const moved = outputSize ** 2 * filters;
      return { ...plain, kind: 'concat', inputElements: moved, outputElements: moved };
    }
    default:
      throw new Error(`operations.csv has the unknown operation ${operation}.`);
  }
}
