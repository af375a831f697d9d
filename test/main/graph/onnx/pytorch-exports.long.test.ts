/** Networks of many families as PyTorch exports them, in every opset it can, against its own gradients. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertAgrees } from '../../../support/foreign-networks.ts';

const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
const script = path.join(import.meta.dirname, '../../../support/export_models.py');
const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;

const networks = [
  ...['resnet', 'mobilenet-v3', 'densenet', 'inception', 'unet', 'convnext', 'vit'],
  ...['vit-without-token', 'attention', 'windows', 'shufflenet', 'group-norm', 'prelu', 'shared'],
];
/** The batch lies where one image cannot be told from none in the middle of a tensor: such files fit no other. */
const needsItsBatch = /^attention\/opset\d+-folded-static/;

describe.runIf(hasTorch)('PyTorch and the Workbench agree on exports of', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-exports-'));
  beforeAll(() => {
    execFileSync(python, [script, folder], { stdio: 'pipe' });
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(networks)('%s', async (name) => {
    const files = readdirSync(path.join(folder, name)).filter((file) => file.endsWith('.onnx'));
    expect(files.length).toBeGreaterThanOrEqual(20);
    const failures: string[] = [];
    for (const file of files) {
      const agreed = assertAgrees(path.join(folder, name), file);
      if (needsItsBatch.test(`${name}/${file}`)) {
        await expect(agreed).rejects.toMatchObject({ code: 'shape-mismatch' });
        continue;
      }
      await agreed.catch((error: unknown) =>
        failures.push(`${file}: ${String(error).slice(0, 500)}`),
      );
    }
    expect(failures).toEqual([]);
  });
});
