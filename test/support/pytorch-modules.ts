/** Runs exported PyTorch modules with the system's Python, beside the ONNX models of the same networks. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../../main/engine/onnxruntime/session.ts';
import { npz } from '../../main/export/npz.ts';
import { pytorchModule } from '../../main/export/pytorch/module-file.ts';
import { safetensors } from '../../main/export/safetensors.ts';
import { namedTensors } from '../../main/export/weight-files.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { elements } from '../../main/graph/shape.ts';
import { npyBytes } from '../main/task/npy-files.ts';
import { noise } from './sketch.ts';

const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
const script = path.join(import.meta.dirname, 'check_pytorch_modules.py');

export interface Checked {
  readonly parameters: number;
  readonly sameWeights: boolean;
  readonly outputs: readonly (readonly number[])[];
  readonly expected: readonly (readonly number[])[];
  readonly difference: number;
  readonly largest: number;
  readonly modules: readonly string[];
}

/**
 * Returns one result per network, in order. Weights and images are random.
 * @param images the batch size, if a network takes any
 */
export async function checkModules(networks: readonly Graph[], images = 1): Promise<Checked[]> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'zico-pytorch-'));
  try {
    const folders: string[] = [];
    for (const [i, graph] of networks.entries()) {
      const folder = path.join(home, String(i));
      mkdirSync(folder);
      await writeNetwork(graph, folder, images);
      folders.push(folder);
    }
    const output = execFileSync(python, [script, ...folders], { encoding: 'utf8', maxBuffer: 1e8 });
    return JSON.parse(output) as Checked[];
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function writeNetwork(graph: Graph, folder: string, images: number): Promise<void> {
  const write = (name: string, data: string | Uint8Array) =>
    writeFileSync(path.join(folder, name), data);
  const module = pytorchModule(graph, {
    title: graph.name,
    about: ['A test.'],
    weights: 'weights.safetensors',
  });
  write('network.py', module.source);
  const tensors = namedTensors(graph, module.state);
  write('weights.safetensors', safetensors(tensors, {}));
  write('weights.npz', npz(tensors));
  const shape = graph.inputs[0]!.shape.map((size) => size ?? images);
  const image = noise(elements(shape), graph.name);
  write('input.npy', npyBytes({ descr: '<f4', shape, data: image }));
  const session = await createSession(writeDeployableOnnx(graph, images, '0'), 1);
  const outputs = await session.run({
    [graph.inputs[0]!.name]: new Tensor('float32', image, shape),
  });
  graph.outputs.forEach((name, i) => {
    const { dims, data } = outputs[name]!;
    write(
      `output${i}.npy`,
      npyBytes({ descr: '<f4', shape: [...dims], data: data as Float32Array }),
    );
  });
  await session.release();
}

/**
 * The graph with random mean, variance, scale and shift in every norm and random biases: with their
 * initial values, a mistake in them would not show.
 */
export function withLivelyNorms(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  for (const [name, initializer] of initializers) {
    if (initializer.values.kind !== 'constant' || initializer.shape.length === 0) continue;
    const spread = noise(elements(initializer.shape), 'lively', name);
    const { value } = initializer.values;
    const data = spread.map((x) => value + 0.3 * x);
    initializers.set(name, { ...initializer, values: { kind: 'data', data } });
  }
  return { ...graph, initializers };
}
