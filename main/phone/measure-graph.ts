/** One network measured on one phone, from its graph to its latency: a session for a single model. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { writeDeployableOnnx } from '../graph/onnx/write.ts';
import type { Device } from './device.ts';
import type { MeasuringEvent, PhoneMeasurement, PhoneModel } from './measurement.ts';
import { openMeasuringSession, type SessionOptions } from './protocol/session.ts';

/**
 * Writes the deployable form at batch 1 for the time of `use`. Models are told apart by the digest of their
 * bytes, which hold neither a version nor a date.
 */
export async function withModelFile<T>(
  graph: Graph,
  use: (model: PhoneModel) => Promise<T>,
): Promise<T> {
  const bytes = writeDeployableOnnx(graph, 1, '');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'zico-model-'));
  try {
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, bytes);
    return await use({ path: file, sha256 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Throws what `openMeasuringSession` and `MeasuringSession.measure` throw, and the model's own failure. */
export async function measureGraphOnPhone(
  device: Device,
  graph: Graph,
  options: SessionOptions & { readonly onEvent?: (event: MeasuringEvent) => void },
): Promise<PhoneMeasurement> {
  const session = await openMeasuringSession(device, options);
  try {
    const { onEvent, signal } = options;
    const [measured] = await withModelFile(graph, (model) =>
      session.measure([model], { ...(onEvent && { onEvent }), ...(signal && { signal }) }),
    );
    if (measured.ok) return measured.measurement;
    throw WorkbenchError.fromReport(measured.failure);
  } finally {
    await session.close();
  }
}
