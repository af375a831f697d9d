/** The latency of one ONNX model of the user on a phone, by the whole protocol. */
import { summarise } from '../graph/summary.ts';
import { choosePhone } from '../phone/adb/choose.ts';
import { readConditions } from '../phone/conditions.ts';
import { measureGraphOnPhone } from '../phone/measure-graph.ts';
import type { MeasuringEvent, MeasuringSettings, PhoneMeasurement } from '../phone/measurement.ts';
import type { Phones } from '../phone/phones.ts';
import { runnersFor, type RunnerName } from '../phone/runners/index.ts';
import {
  readForMeasuring,
  type MeasuredModelFile,
  type MeasureModelRequest,
} from './measure-model.ts';

export interface PhoneTarget {
  /** Null takes the only phone that is plugged in. */
  readonly serial: string | null;
  /** Null takes the first of the product's own that proves itself. */
  readonly runner: RunnerName | null;
  readonly settings: MeasuringSettings;
}

export interface MeasuredOnPhone extends Omit<MeasuredModelFile, 'latency'> {
  readonly serial: string;
  readonly measurement: PhoneMeasurement;
}

export interface PhoneProgress {
  readonly onTry?: (runner: string) => void;
  readonly onPush?: (share: number) => void;
  readonly onEvent?: (event: MeasuringEvent) => void;
}

/**
 * @throws WorkbenchError what reading the model, listing and choosing the phone, opening a measuring session and
 *   measuring throw
 */
export async function measureOnPhone(
  request: MeasureModelRequest,
  { serial, runner, settings }: PhoneTarget,
  phones: Phones,
  { signal, ...progress }: PhoneProgress & { readonly signal?: AbortSignal | undefined } = {},
): Promise<MeasuredOnPhone> {
  const graph = await readForMeasuring(request);
  const chosen = choosePhone(await phones.list(signal), serial ?? undefined);
  const device = await phones.device(chosen.serial);
  const { parameters, macs } = summarise(graph);
  const measurement = await measureGraphOnPhone(device, graph, {
    runners: runnersFor(runner),
    settings,
    readConditions: (stop) => readConditions(device, { ...(stop && { signal: stop }) }),
    ...progress,
    ...(signal && { signal }),
  });
  const input = [1, ...graph.inputs[0].shape.slice(1).map((length) => length ?? 1)];
  const { model } = request;
  const { name: network } = graph;
  return { model, network, input, parameters, macs, serial: chosen.serial, measurement };
}
