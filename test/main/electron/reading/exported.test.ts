import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../../main/child/node-process.ts';
import { usualRanges } from '../../../../main/common/quantising.ts';
import { Reading } from '../../../../main/electron/reading/reading.ts';
import { exportCandidate } from '../../../../main/export/export-candidate.ts';
import { exportInChild } from '../../../../main/export/in-child.ts';
import type { CandidateId } from '../../../../main/run/candidate.ts';
import { openRunReadOnly } from '../../../../main/store/run-file.ts';
import { writeStoredRun } from '../../../e2e/stored-run.ts';

const sources = path.join(import.meta.dirname, '../../../../main');
const formats = ['onnx', 'json', 'pytorch'] as const;

interface Figures {
  readonly latencyIndistinctFrom: readonly number[];
  readonly scores: { readonly secondOpinion: string | null };
}

/** The window exports without the report: nothing needs all candidates but what they say about this one. */
describe('an export of the window', { timeout: 120_000 }, () => {
  let folder: string;
  let file: string;
  let reading: Reading;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'zico-exported-'));
    file = path.join(folder, 'run.zico');
    writeStoredRun(file, 60, 0, { doubts: true });
    reading = new Reading(nodeProcesses, path.join(sources, 'electron/reading/child.ts'));
  });
  afterAll(async () => {
    await reading.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function byWindow(id: number, to: string): Promise<void> {
    const wanted = await reading.look('exported', file, { id, all: false });
    expect(wanted.candidates).toEqual([]);
    const child = { processes: nodeProcesses, entry: path.join(sources, 'export/child.ts') };
    const about = { formats, ranges: usualRanges, productVersion: '1', assetsFolder: folder };
    await exportInChild(child, { ...wanted, ...about, folder: to }, () => undefined);
  }

  async function byCommand(id: number, to: string): Promise<void> {
    const run = openRunReadOnly(file);
    try {
      const about = { formats, productVersion: '1', folder: to };
      await exportCandidate({ run, id: id as CandidateId, ...about });
    } finally {
      run.close();
    }
  }

  it('says the same as the command does', async () => {
    const doubtful: Figures[] = [];
    for (const id of [4, 12, 41]) {
      const [window, command] = [`window-${id}`, `command-${id}`].map((to) =>
        path.join(folder, to),
      );
      await byWindow(id, window!);
      await byCommand(id, command!);
      for (const name of ['architecture.json', 'README.md']) {
        const [ours, theirs] = [window!, command!].map((to) =>
          readFileSync(path.join(to, name), 'utf8'),
        );
        expect(ours).toBe(theirs);
        if (name === 'architecture.json') doubtful.push(JSON.parse(ours!) as Figures);
      }
    }
    expect(doubtful.some((one) => one.latencyIndistinctFrom.length > 0)).toBe(true);
    expect(doubtful.some((one) => one.scores.secondOpinion !== null)).toBe(true);
  });
});
