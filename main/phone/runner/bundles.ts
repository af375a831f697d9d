/** Where the two runtime bundles lie once `npm run build:runner` made them: dist/runner, also in a package. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../errors.ts';

export const bundleKinds = ['glibc', 'android'] as const;
/** glibc carries a libc of its own; android uses the phone's. */
export type BundleKind = (typeof bundleKinds)[number];

const manifestSchema = z.strictObject({
  kind: z.enum(bundleKinds),
  /** Version of ONNX Runtime in it. */
  onnxruntime: z.string(),
  /** Names of the files, the runner among them, with their digests. */
  files: z.record(z.string(), z.string()),
});

export interface RunnerBundle extends z.infer<typeof manifestSchema> {
  readonly folder: string;
}

/** dist/runner, seen from the sources and from a bundle; files are pushed from outside of an archive. */
export function bundlesFolder(): string {
  const here = import.meta.dirname.replace('app.asar' + path.sep, 'app.asar.unpacked' + path.sep);
  const ups = path.basename(here) === 'runner' ? '../../../dist/runner' : '../runner';
  return path.join(here, ups);
}

/** Throws `runner-not-built`. */
export function readBundle(kind: BundleKind, folder = bundlesFolder()): RunnerBundle {
  const own = path.join(folder, kind);
  try {
    const text = readFileSync(path.join(own, manifestName), 'utf8');
    return { ...manifestSchema.parse(JSON.parse(text)), folder: own };
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
