/** LiteRT from npm, meant for web pages: WebAssembly with XNNPACK, run here in Node as a second opinion on files. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import type * as LiteRtModule from '@litertjs/core';

const require = createRequire(import.meta.url);
const wasm = path.join(path.dirname(require.resolve('@litertjs/core')), '../wasm');

let loading: Promise<typeof LiteRtModule> | null = null;

/** Loads the library, which expects a page or a worker but needs little of it. */
async function load(): Promise<typeof LiteRtModule> {
  const page = globalThis as unknown as Record<string, unknown>;
  page['self'] ??= globalThis;
  page['require'] ??= require;
  page['__dirname'] ??= wasm;
  page['__filename'] ??= path.join(wasm, 'litert_wasm_internal.js');
  page['importScripts'] = (url: string) => {
    const source = readFileSync(new URL(url), 'utf8');
    vm.runInThisContext(`${source}\n;globalThis.ModuleFactory = ModuleFactory;`);
  };
  // It fetches its WebAssembly, which is read from a file here.
  const fetched = globalThis.fetch;
  globalThis.fetch = ((from: string | URL) =>
    String(from).startsWith('file:')
      ? Promise.resolve(
          new Response(new Uint8Array(readFileSync(new URL(from))), {
            headers: { 'content-type': 'application/wasm' },
          }),
        )
      : fetched(from)) as typeof fetch;
  const { console: said } = globalThis;
  const quiet = { ...said, log: () => undefined, info: () => undefined, warn: () => undefined };
  page['console'] = quiet;
  try {
    const library = await import('@litertjs/core');
    await library.loadLiteRt(`file://${wasm}/`, { threads: false });
    return library;
  } finally {
    page['console'] = said;
    globalThis.fetch = fetched;
  }
}

export interface LiteRtOutput {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** @param inputs float32 images, N H W C, run one after another; returns all outputs of each */
export async function runInLiteRt(
  file: Uint8Array,
  inputs: readonly Float32Array[],
): Promise<LiteRtOutput[][]> {
  const { loadAndCompile, Tensor } = await (loading ??= load());
  const model = await loadAndCompile(file, { accelerator: 'wasm' });
  try {
    const [details] = model.getInputDetails();
    const results: LiteRtOutput[][] = [];
    for (const input of inputs) {
      const image = new Tensor(input, [...details!.shape]);
      const outputs = await model.run([image]);
      const read = outputs.map(async (output) => ({
        shape: [...output.type.layout.dimensions],
        data: (await output.data()) as Float32Array,
      }));
      results.push(await Promise.all(read));
      for (const output of outputs) output.delete();
      image.delete();
    }
    return results;
  } finally {
    model.delete();
  }
}
