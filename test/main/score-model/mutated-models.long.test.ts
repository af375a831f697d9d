/** Two thousand damaged or hostile models: each ends in a score or an error with a name, and soon. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import onnxProto from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { SupervisedChild } from '../../../main/child/supervised-child.ts';
import { generatorFor } from '../../../main/random.ts';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

const { onnx } = onnxProto;
const golden = path.join(import.meta.dirname, '../../golden');
const bases = [
  'plain/model.onnx',
  'mbconv/model.onnx',
  'foreign/resnet/opset13-train-open.onnx',
  'foreign/resnet/opset9-folded-static.onnx',
  'foreign/vit/opset15-train-open.onnx',
  'foreign/unet/opset11-train-open.onnx',
  'foreign/mobilenet-v3/opset9-train-open.onnx',
  'foreign/shufflenet/opset10-train-open.onnx',
].map((file) => readFileSync(path.join(golden, file)));

const limits = { timeoutMs: 10_000, memoryBytes: 1.5 * 2 ** 30 };
const random = generatorFor('mutated models', 1);
const below = (count: number) => uniformInt(random, 0, count - 1);
const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;

let top: string;
let folder: string;
let child: SupervisedChild;
beforeAll(() => {
  top = mkdtempSync(path.join(tmpdir(), 'zico-mutants-'));
  folder = path.join(top, 'model');
  mkdirSync(folder);
  writeFileSync(path.join(top, 'outside.bin'), new Uint8Array(2 ** 20));
  const entry = path.join(import.meta.dirname, '../../support/mutant-child.ts');
  child = new SupervisedChild({ processes: nodeProcesses, entry, name: 'mutant', limits });
});
afterAll(async () => {
  await child.close();
  rmSync(top, { recursive: true });
});

type Graph = onnxProto.onnx.IGraphProto;
function edited(edit: (graph: Graph) => void): Uint8Array {
  const model = onnx.ModelProto.decode(pick(bases));
  edit(model.graph as Graph);
  return onnx.ModelProto.encode(model).finish();
}

const hugeSizes = [2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 40, -1, -(2 ** 31)];

interface Kind {
  readonly count: number;
  readonly make: () => Uint8Array;
  /** Where no damage of this kind leaves a network that can be scored. */
  readonly alwaysRefused?: true;
}

const kinds: Readonly<Record<string, Kind>> = {
  'bytes flipped': {
    count: 800,
    make() {
      const bytes = Uint8Array.from(pick(bases));
      // Most bytes are weights: the structure lies at the beginning, and in the last part.
      const near = below(2) === 0 ? Math.min(bytes.length, 3000) : bytes.length;
      for (let flips = 1 + below(4); flips > 0; flips--) bytes[below(near)]! ^= 1 << below(8);
      return bytes;
    },
  },
  truncated: {
    count: 300,
    alwaysRefused: true,
    make() {
      const bytes = pick(bases);
      return bytes.subarray(0, below(bytes.length - 1));
    },
  },
  'wrong shapes': {
    count: 300,
    make: () =>
      edited(({ initializer, node }) => {
        if (below(2) === 0) {
          const { dims } = pick((initializer ?? []).filter((tensor) => tensor.dims?.length));
          if (dims) dims[below(dims.length)] = below(64);
          return;
        }
        const ints = (node ?? []).flatMap(({ attribute }) =>
          (attribute ?? []).filter((one) => one.ints?.length),
        );
        const { ints: values } = pick(ints);
        if (values) values[below(values.length)] = pick([-1, 0, 1, 2, 7, 1000, 2 ** 31]);
      }),
  },
  cycles: {
    count: 200,
    alwaysRefused: true,
    make: () =>
      edited(({ node }) => {
        const nodes = node ?? [];
        const at = below(nodes.length);
        // Reading what comes later by itself is out of order, but no cycle: only what reads of this node is one.
        const reached = new Set(nodes[at]!.output);
        const readers = nodes.slice(at).filter((one) => {
          const reads = one === nodes[at] || (one.input ?? []).some((name) => reached.has(name));
          if (reads) for (const name of one.output ?? []) reached.add(name);
          return reads;
        });
        const later = pick(readers);
        const { input } = nodes[at]!;
        // A constant reads nothing: there the cycle begins at the node itself.
        if (input?.length) input[0] = later.output?.[0] ?? '';
        else nodes[at]!.output = [nodes.at(-1)?.input?.[0] ?? ''];
      }),
  },
  'huge dimensions': {
    count: 200,
    alwaysRefused: true,
    make: () =>
      edited(({ initializer, input }) => {
        if (below(2) === 0) {
          const dim = input?.[0]?.type?.tensorType?.shape?.dim;
          if (dim) dim[2 + below(2)] = { dimValue: pick(hugeSizes.slice(0, 4)) };
          return;
        }
        const { dims } = pick((initializer ?? []).filter((tensor) => tensor.dims?.length));
        if (dims) dims[below(dims.length)] = pick(hugeSizes);
      }),
  },
  'weights outside the folder': {
    count: 200,
    alwaysRefused: true,
    make: () =>
      edited(({ initializer }) => {
        const tensor = pick(initializer ?? []);
        tensor.rawData = new Uint8Array();
        tensor.dataLocation = onnx.TensorProto.DataLocation.EXTERNAL;
        const up = '../'.repeat(1 + below(12));
        const location = pick([
          '../outside.bin',
          `a/../../outside.bin`,
          path.join(top, 'outside.bin'),
          `${up}etc/passwd`,
          '/etc/passwd',
          '/dev/zero',
          'C:\\Windows\\win.ini',
          'gone.bin',
        ]);
        tensor.externalData = [{ key: 'location', value: location }];
      }),
  },
};

describe.each(Object.entries(kinds))('models with %s', (name, { count, make, alwaysRefused }) => {
  it(`${count} of them end by name, soon, and within the folder`, async () => {
    const ended = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      const file = path.join(folder, 'model.onnx');
      const bytes = make();
      writeFileSync(file, bytes);
      const asked = { file, memoryBytes: limits.memoryBytes };
      const result = await child
        .request<{ code: string; message: string; opened: string[] }>('score', asked)
        .catch((error: unknown) => {
          writeFileSync(path.join(tmpdir(), 'zico-mutant.onnx'), bytes);
          throw error; // a crash, a hang or too much memory
        });
      const { code, message, opened } = result;
      expect(code, `${name} ${i}: ${message}`).not.toBe('internal');
      if (alwaysRefused) expect(code, `${name} ${i}`).not.toBe('scored');
      for (const one of opened) expect(one.startsWith(folder), one).toBe(true);
      ended.set(code, (ended.get(code) ?? 0) + 1);
    }
    expect([...ended.values()].reduce((sum, one) => sum + one, 0)).toBe(count);
    expect(child.restarts).toBe(0);
  });
});
