/**
 * Where the scripts of child processes lie in plain Node, for command line and library. Built, they lie beside the
 * bundle, from source in their folders.
 */
import path from 'node:path';

const here = import.meta.dirname;
const built = !import.meta.filename.endsWith('.ts');

const script = (source: string, name: string): string =>
  path.join(here, built ? `${name}.js` : source);

export const childEntries = {
  engine: script('engine/child.ts', 'engine-child'),
  latency: script('latency/child.ts', 'latency-child'),
  data: script('task/child.ts', 'data-child'),
  convert: script('export/convert/child.ts', 'convert-child'),
  adb: script('phone/adb/child.ts', 'adb-child'),
} as const;

/** Folder with the files that ship with the product. */
export const assetsFolder = path.join(here, 'assets');
