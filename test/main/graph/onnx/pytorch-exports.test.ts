/** Some of the exports that pytorch-exports.long.test.ts makes afresh, kept so that no Python is needed. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';
import { assertAgrees } from '../../../support/foreign-networks.ts';

const folder = path.join(import.meta.dirname, '../../../golden/foreign');
const networks = readdirSync(folder, { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);
const exports = networks.flatMap(({ name }) =>
  readdirSync(path.join(folder, name))
    .filter((file) => file.endsWith('.onnx'))
    .map((file) => [name, file] as const),
);

describe("layers, gradients and parameters agree with PyTorch's for", () => {
  it.each(exports)('%s as %s', (name, file) => assertAgrees(path.join(folder, name), file));
});
