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
import { writeDeployableOnnx } from '../../graph/onnx/write.ts';
import type { PhoneModel } from '../measurement.ts';

export interface WaitingModel {
  /** Digest of the bytes, which contain neither a version nor a date; it identifies the model. */
  readonly sha256: string;
  /** The same bytes each time: ONNX, batch 1, static shapes, weights inside. */
  readonly bytes: () => Uint8Array;
}

/**
 * The deployable form at batch 1, encoded once for its digest and again whenever a phone takes it; bytes are a model as
 * they are.
 */
export function waitingModel(model: Graph | Uint8Array): WaitingModel {
  const bytes = () => (model instanceof Uint8Array ? model : writeDeployableOnnx(model, 1, ''));
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
      const file = path.join(folder, `${files.length}.onnx`);
      await writeFile(file, bytes()).catch(notWritten);
      files.push({ path: file, sha256 });
    }
    return await use(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function notWritten(cause: unknown): never {
  throw new WorkbenchError(
    'model-file',
    `A model cannot be written for the phone: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Make room in the folder for temporary files, or name another one (TMPDIR).',
    { cause },
  );
}
