/** The examples of docs/library.md, one after the other in one folder, as programs of their own. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDeployableOnnx } from '../../../main/graph/onnx/write.ts';
import { spaceNamed } from '../../../main/space/index.ts';

const root = path.join(import.meta.dirname, '../../..');
const library = pathToFileURL(path.join(root, 'main/library/index.ts')).href;
const text = await readFile(path.join(root, 'docs/library.md'), 'utf8');
const examples = [...text.matchAll(/## (.+)\n(?:(?!## )[^])*?```js\n([^]*?)```/g)].map(
  ([, title, code]) => ({ title: title!, code: code! }),
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-documented-'));
  const space = spaceNamed('nats-sss');
  const graph = space.decode(space.parse('8:16:8:16:8'));
  await writeFile(path.join(folder, 'model.onnx'), writeDeployableOnnx(graph, 1, '0'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What each example says, and files that it leaves. */
const said: Readonly<Record<string, { readonly output: RegExp; readonly files?: string[] }>> = {
  'Score, search, go on, export': {
    output:
      /^ZiCo-BC -?\d+\.\d\d, computed by (onednn|onnxruntime) .+\n40 candidates, \d+ on the front\n$/,
    files: ['candidates.csv', 'front.svg', 'chosen/model.onnx', 'a.zico'],
  },
  'Follow, and stop': { output: /^1 of 200\n2 of 200\n3 of 200\n([^]*)stopped\nstopped\n$/ },
  Errors: { output: /^file-not-found There is no file no-such-model\.onnx\. Check the path\.\n$/ },
  'Several at once': { output: /under-20000000\.zico.+\b6\b[^]+under-60000000\.zico.+\b6\b/ },
  'As a notebook': { output: /genotype[^]+\n\d{4,}\n$/ },
};

describe('docs/library.md', () => {
  it('has an example in every section that says what programs do', () => {
    expect(examples.map(({ title }) => title)).toEqual(Object.keys(said));
  });

  it.each(examples)('$title', { timeout: 120_000 }, async ({ title, code }) => {
    const file = path.join(folder, `${title.toLowerCase().replace(/[^a-z]+/g, '-')}.mjs`);
    await writeFile(file, code.replaceAll("'zico-workbench'", `'${library}'`));
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
    const { output, files = [] } = said[title]!;
    expect(stdout).toMatch(output);
    for (const one of files) expect((await stat(path.join(folder, one))).size).toBeGreaterThan(0);
  });
});
