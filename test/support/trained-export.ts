/** Writes exports with their training program, and runs that with the system's Python. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pytorchModule } from '../../main/export/pytorch/module-file.ts';
import { safetensors } from '../../main/export/safetensors.ts';
import { imagesModule } from '../../main/export/training/images-module.ts';
import { trainProgram } from '../../main/export/training/train-program.ts';
import { namedTensors } from '../../main/export/weight-files.ts';
import type { Graph } from '../../main/graph/graph.ts';

const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';

/** Writes what train.py needs beside it. */
export function writeTraining(
  folder: string,
  graph: Graph,
  network: { readonly task: string; readonly classes: number; readonly input: readonly number[] },
): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, data: string | Uint8Array) =>
    writeFileSync(path.join(folder, name), data);
  const words = { title: graph.name, about: ['A test.'], weights: 'weights.safetensors' };
  const { source, state } = pytorchModule(graph, words);
  write('network.py', source);
  write('weights.safetensors', safetensors(namedTensors(graph, state), {}));
  write('architecture.json', JSON.stringify({ network }));
  write('train.py', trainProgram);
  write('images.py', imagesModule);
}

export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/**
 * @param until kills the program, as a power cut would, once its output matches
 * @param kibibytes how large a file of it may become, as on a disk that is full; any unless stated
 * @param hears is told of all that was said so far
 */
export function train(
  folder: string,
  args: readonly string[],
  until?: RegExp,
  kibibytes?: number,
  hears: (said: string) => void = () => undefined,
): Promise<Said> {
  const limit = `import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (${(kibibytes ?? 0) * 1024},) * 2)
sys.argv = sys.argv[1:]
sys.path.insert(0, '.')
runpy.run_path('train.py', run_name='__main__')`;
  const program = kibibytes === undefined ? ['train.py'] : ['-c', limit, 'train.py'];
  const child = spawn(python, [...program, ...args], {
    cwd: folder,
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONUNBUFFERED: '1' },
  });
  let text = '';
  const hear = (part: Buffer) => {
    text += part.toString();
    hears(text);
    if (until?.test(text)) child.kill('SIGKILL');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });
}
