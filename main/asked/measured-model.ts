/** The model to be measured: a file, or a network of a run as one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileNames } from '../export/formats.ts';
import { exportOfRun, type NetworkOfRun } from './network-of-run.ts';
import type { AskedServices } from './services.ts';

/** A model file, or a network of a run. */
export type ModelSource = string | NetworkOfRun;

/** Passes a model file to `use`; that of a network is written for the purpose and removed afterwards. */
export async function withModel<T extends { readonly model: string }>(
  source: ModelSource,
  services: Pick<AskedServices, 'exportCandidate' | 'exportNetwork' | 'scoreNetwork'>,
  signal: AbortSignal,
  use: (model: string) => Promise<T>,
): Promise<T> {
  if (typeof source === 'string') return await use(source);
  const folder = await mkdtemp(path.join(tmpdir(), 'zico-measure-'));
  try {
    const out = path.join(folder, 'network');
    await exportOfRun(services, source, out, signal, { formats: ['onnx'] });
    const measured = await use(path.join(out, fileNames.onnx));
    return { ...measured, model: source.genotype ?? `candidate ${source.candidate}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
