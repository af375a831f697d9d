/** Where the runtime bundles are after `npm run build:runner`, and where a package has them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../errors.ts';

export const bundleKinds = ['glibc', 'tflite', 'android'] as const;
/** ONNX Runtime and TensorFlow Lite with a libc of their own; android uses the phone's. */
export type BundleKind = (typeof bundleKinds)[number];

const manifestSchema = z.strictObject({
  kind: z.enum(bundleKinds),
  /** Of the engine in it. */
  version: z.string(),
  /** Names of the files, including the runner, with their digests. */
  files: z.record(z.string(), z.string()),
});

export interface RunnerBundle extends z.infer<typeof manifestSchema> {
  readonly folder: string;
}

/** dist/runner, as seen from the sources and from a bundled script. */
export function bundlesFolder(): string {
  return inDist('runner');
}

/** dist/runner-packed: what `npm run package` makes of them (packed.ts). It may be inside the archive. */
export function packedFolder(): string {
  return inDist('runner-packed');
}

function inDist(name: string): string {
  const here = import.meta.dirname;
  return path.join(here, path.basename(here) === 'runner' ? '../../../dist' : '..', name);
}

/** Throws where the text is not a manifest. */
export function parseManifest(text: string): z.infer<typeof manifestSchema> {
  return manifestSchema.parse(JSON.parse(text));
}

/** Throws `runner-not-built`. */
export function readBundle(kind: BundleKind, folder = bundlesFolder()): RunnerBundle {
  const own = path.join(folder, kind);
  try {
    const text = readFileSync(path.join(own, manifestName), 'utf8');
    return { ...parseManifest(text), folder: own };
  } catch (cause) {
    throw new WorkbenchError(
      'runner-not-built',
      `The ${kind} runner for phones was not built.`,
      `Build it with "npm run build:runner -- --only ${kind}"; a packaged Workbench carries it.`,
      { cause },
    );
  }
}

export const manifestName = 'bundle.json';
