import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import type { ChildProcesses } from '../../../main/child/process.ts';
import { exportInChild, type ExportProgress } from '../../../main/export/in-child.ts';
import { usualRanges } from '../../../main/common/quantising.ts';
import { usualFormats } from '../../../main/common/export-formats.ts';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { fakeCandidate } from '../../cli/fake-workbench.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'zico-in-child-'));
});
afterEach(() => rm(home, { recursive: true }));

const settings = { ...defaultSearchSettings, latency: 'macs' as const };
const candidates = [1, 2, 3].map((id) => fakeCandidate(id, settings, false));
const entry = path.join(import.meta.dirname, '../../../main/export/child.ts');

function exported(folder: string, processes: ChildProcesses = nodeProcesses) {
  const progress: ExportProgress[] = [];
  const written = exportInChild(
    { processes, entry },
    {
      info: {
        runId: 'run',
        settings,
        dataDescription: 'images',
        productVersion: '0.1.0',
        createdAt: '2025-01-01T00:00:00Z',
        status: 'finished',
        elapsedSeconds: 1,
      },
      candidate: candidates[1]!,
      standing: { secondOpinion: null, indistinctFrom: [] },
      candidates,
      trained: [],
      folder,
      productVersion: '0.1.0',
      formats: usualFormats,
      ranges: usualRanges,
      assetsFolder: '/nowhere',
    },
    (step) => progress.push(step),
  );
  return { written, progress };
}

describe('an export in a process of its own', { timeout: 60_000 }, () => {
  it('writes every file and tells which one is being made', async () => {
    const { written, progress } = exported(path.join(home, 'out'));
    const files = await written;
    expect((await readdir(path.join(home, 'out'))).sort()).toEqual([...files].sort());
    expect(progress.map(({ file }) => file)).toEqual(files);
    expect(progress.map(({ index }) => index)).toEqual(files.map((_, i) => i + 1));
    expect(progress.every(({ count }) => count === files.length)).toBe(true);
  });

  it('says what is wrong as the export itself does', async () => {
    const folder = path.join(home, 'taken');
    await mkdir(folder);
    await writeFile(path.join(folder, 'thesis.tex'), '');
    await expect(exported(folder).written).rejects.toMatchObject({ code: 'folder-not-empty' });
    expect(await readdir(folder)).toEqual(['thesis.tex']);
  });

  it('says so where the process dies', async () => {
    const dying: ChildProcesses = {
      start(script, name) {
        const child = nodeProcesses.start(script, name);
        setTimeout(() => child.kill(), 20);
        return child;
      },
    };
    await expect(exported(path.join(home, 'out'), dying).written).rejects.toMatchObject({
      code: 'export-crashed',
    });
    expect(await readdir(home)).toEqual([]);
  });
});
