import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHash } from 'node:crypto';
import { waitingModel, withModelFiles } from '../../../../main/phone/pool/model-files.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import { temporaryFolder } from '../../child/children.ts';

const network = spaceNamed('nats-sss').baselines[0]!;

describe('a model that waits for a phone', () => {
  it('is a file of the very bytes of its digest while somebody uses it, and none before and after', async () => {
    const folder = temporaryFolder();
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const model = waitingModel(network.decode());
    expect(readdirSync(folder)).toEqual([]);
    const seen = await withModelFiles([model, model], async (files) => {
      expect(files.map(({ sha256 }) => sha256)).toEqual([model.sha256, model.sha256]);
      for (const file of files) {
        const bytes = readFileSync(file.path);
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(model.sha256);
      }
      return files.map((file) => file.path);
    });
    expect(new Set(seen).size).toBe(2);
    expect(seen.some((file) => existsSync(file))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves no file behind where measuring fails, and says where none can be written', async () => {
    const folder = temporaryFolder();
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const model = waitingModel(network.decode());
    const failing = withModelFiles([model], () => Promise.reject(new Error('the phone is gone')));
    await expect(failing).rejects.toThrow('the phone is gone');
    expect(readdirSync(folder)).toEqual([]);
    vi.stubEnv('TMPDIR', path.join(folder, 'nowhere'));
    const unwritten = withModelFiles([model], async () => undefined);
    await expect(unwritten).rejects.toMatchObject({ code: 'model-file' });
  });
});
