/** One network measured on one phone, from its graph or its file to its latency: a session for a single model. */
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { Device } from './device.ts';
import type { PhoneMeasurement } from '../latency/phone-measurement.ts';
import type { MeasuredModel, MeasuringEvent } from './measurement.ts';
import { waitingModel, withModelFiles } from './pool/model-files.ts';
import { openMeasuringSession, type MeasuringSessionOptions } from './protocol/session.ts';
import type { Known } from '../common/known.ts';

/** Throws what `openMeasuringSession` and `MeasuringSession.measure` throw, and the model's own failure. */
export async function measureGraphOnPhone(
  device: Device,
  model: Graph | Uint8Array,
  options: MeasuringSessionOptions & { readonly onEvent?: (event: MeasuringEvent) => void },
): Promise<PhoneMeasurement> {
  const session = await openMeasuringSession(device, options);
  try {
    const { onEvent, signal } = options;
    const [measured] = (await withModelFiles(
      [waitingModel(model, options.runners[0]!.model)],
      (files) => session.measure(files, { ...(onEvent && { onEvent }), ...(signal && { signal }) }),
    )) as Known<MeasuredModel>;
    if (measured.ok) return measured.measurement;
    throw WorkbenchError.fromReport(measured.failure);
  } finally {
    await session.close();
  }
}
