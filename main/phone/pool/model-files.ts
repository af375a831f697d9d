/**
 * Models that wait for a phone exist as descriptions: a population of them would fill a temporary folder. They
 * become files for as long as a phone measures them.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WorkbenchError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { timedFile } from '../../tflite/timed-file.ts';
import type { ModelKind } from '../runners/runner.ts';
import type { PhoneModel } from '../measurement.ts';

export interface WaitingModel {
  /** Digest of the bytes, which contain neither a version nor a date; it identifies the model. */
  readonly sha256: string;
  /** The same bytes each time: batch 1, static shapes, weights inside. */
  readonly bytes: () => Uint8Array;
}

/**
 * The file that a runner takes, at batch 1, encoded once for its digest and again whenever a phone takes it; bytes are a
 * model as they are.
 * @throws WorkbenchError `not-convertible`
 */
export function waitingModel(
  model: Graph | Uint8Array,
  { format, precision }: ModelKind,
): WaitingModel {
  const stored = model instanceof Uint8Array;
  if (stored && (format !== 'onnx' || precision !== 'float32')) throw notConverted(format);
  const bytes = () => (stored ? model : timedFile(model, format, precision));
  return { sha256: createHash('sha256').update(bytes()).digest('hex'), bytes };
}

/**
 * Writes files for the duration of `use`. Throws `model-file` where they cannot be written, and what `use`
 * throws.
 */
export async function withModelFiles<T>(
  models: readonly WaitingModel[],
  use: (files: readonly PhoneModel[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'zico-model-')).catch(notWritten);
  try {
    const files: PhoneModel[] = [];
    for (const { sha256, bytes } of models) {
      const file = path.join(folder, `${files.length}.model`);
      await writeFile(file, bytes()).catch(notWritten);
      files.push({ path: file, sha256 });
    }
    return await use(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function notConverted(format: ModelKind['format']): WorkbenchError {
  return new WorkbenchError(
    'not-convertible',
    `This model can only be run as its file has it, not as ${format === 'tflite' ? 'TensorFlow Lite' : 'int8 or float16'}.`,
    'Measure it with a runner of ONNX Runtime, without --latency-precision.',
  );
}

function notWritten(cause: unknown): never {
  throw new WorkbenchError(
    'model-file',
    `A model cannot be written for the phone: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Make room in the folder for temporary files, or name another one (TMPDIR).',
    { cause },
  );
}
