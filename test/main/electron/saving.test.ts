import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { Exports, type ExportOf } from '../../../main/electron/exports.ts';
import { Reading } from '../../../main/electron/reading/reading.ts';
import type {
  LookName,
  LookRequest,
  LookResult,
} from '../../../main/electron/reading/look-types.ts';
import { RunFiles } from '../../../main/electron/run-files.ts';
import { savingHandlers } from '../../../main/electron/saving-handlers.ts';
import { usualRanges } from '../../../main/common/quantising.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import { exportInChild } from '../../../main/export/in-child.ts';
import { openRunReadOnly } from '../../../main/store/run-file.ts';
import { candidatesAsText } from '../../../main/workbench/candidate-text.ts';
import { writeStoredRun } from '../../e2e/stored-run.ts';

const sources = path.join(import.meta.dirname, '../../../main');
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-saving-'));
  file = path.join(folder, 'mine.zico');
  writeStoredRun(file, 30, 0, { doubts: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files that the window writes', () => {
  /** What the dialog was asked with, and what the person answers. */
  let suggested: string[];
  let answer: string | null;
  let handlers: ReturnType<typeof savingHandlers>;
  beforeEach(() => {
    suggested = [];
    answer = path.join(folder, 'out.csv');
    const files = new RunFiles(folder);
    handlers = savingHandlers(
      {
        files,
        candidatesText: async (run, format, ids) => {
          const reader = openRunReadOnly(await files.pathOf(run));
          try {
            return await candidatesAsText(reader, { format, ids, name: 'mine' });
          } finally {
            reader.close();
          }
        },
      },
      {
        chooseNewFile: async (_title, name) => {
          suggested.push(name);
          return answer;
        },
      },
    );
  });

  it('are named after what they show, without what no file name may hold', async () => {
    const content = new Uint8Array([1, 2, 3]);
    expect(await handlers['files.save']({ name: 'Front: a/b', kind: 'png', content })).toEqual({
      file: answer,
    });
    expect(suggested).toEqual(['Front a b.png']);
    expect([...readFileSync(answer!)]).toEqual([1, 2, 3]);
  });

  it('are not written where the person cancels', async () => {
    answer = null;
    const before = readdirSync(folder);
    expect(await handlers['files.save']({ name: 'x', kind: 'svg', content: '<svg/>' })).toBeNull();
    expect(readdirSync(folder)).toEqual(before);
  });

  it('say so in a sentence where nothing can be written, and leave nothing half', async () => {
    answer = path.join(folder, 'gone', 'x.csv');
    await expect(
      handlers['files.save']({ name: 'x', kind: 'csv', content: 'a\n' }),
    ).rejects.toMatchObject({ code: 'folder-not-writable' });
    answer = folder;
    await expect(
      handlers['files.save']({ name: 'x', kind: 'csv', content: 'a\n' }),
    ).rejects.toMatchObject({ code: 'folder-not-writable' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('hold candidates as the command writes them: all, or some in the order asked for', async () => {
    const run = new RunFiles(folder).register(file);
    await handlers['runs.saveCandidates']({ run, ids: null, format: 'csv' });
    expect(suggested).toEqual(['mine candidates.csv']);
    const all = readFileSync(answer!, 'utf8').trimEnd().split('\n');
    expect(all).toHaveLength(31);
    await handlers['runs.saveCandidates']({ run, ids: [7, 3, 99], format: 'csv' });
    const some = readFileSync(answer!, 'utf8').trimEnd().split('\n');
    expect(some).toEqual([all[0], all[7], all[3]]);
    const tabbed = await handlers['runs.candidatesText']({ run, ids: [3], format: 'tabbed' });
    expect(tabbed.split('\n')[1]!.split('\t')[0]).toBe('3');
    const json = await handlers['runs.candidatesText']({ run, ids: [3], format: 'json' });
    expect(JSON.parse(json)).toMatchObject({ run: 'mine', candidates: [{ id: 3 }] });
  });
});

describe('several candidates at once', { timeout: 120_000 }, () => {
  let reading: Reading;
  let exports: Exports;
  let files: RunFiles;
  let run: string;
  let heard: ExportOf[];
  let atStep: (step: ExportOf) => void;
  beforeEach(() => {
    reading = new Reading(nodeProcesses, path.join(sources, 'electron/reading/child.ts'));
    heard = [];
    atStep = () => undefined;
    files = new RunFiles(folder);
    run = files.register(file);
    exports = new Exports({
      files,
      searches: { agreed: async () => undefined },
      look: async <N extends LookName>(name: N, of: string, request: LookRequest<N>) =>
        reading.look(name, await files.pathOf(of), request),
      services: {
        exportCandidate: (request, onProgress) =>
          exportInChild(
            { processes: nodeProcesses, entry: path.join(sources, 'export/child.ts') },
            { ...request, productVersion: '1', assetsFolder: folder },
            onProgress,
          ),
      },
      progress: (step) => {
        heard.push(step);
        atStep(step);
      },
    });
  });
  afterEach(() => reading.close());
  const wanted = { formats: ['onnx', 'json'] as const, ranges: usualRanges };

  it('are written each into a folder of its own, and one that fails keeps none from it', async () => {
    const out = path.join(folder, 'out');
    mkdirSync(path.join(out, 'mine c-0002'), { recursive: true });
    mkdirSync(path.join(out, 'mine c-0002', 'thesis'));
    const written = await exports.several(run, [1, 2, 3, 99], out, wanted);
    expect(written).toMatchObject({
      ...{ folder: out, ids: [1, 3], cancelled: false },
      failed: [
        { id: 2, error: { code: 'folder-not-empty' } },
        { id: 99, error: { code: 'unknown-candidate' } },
      ],
    });
    expect(readdirSync(out).sort()).toEqual(['mine c-0001', 'mine c-0002', 'mine c-0003']);
    expect(readdirSync(path.join(out, 'mine c-0002'))).toEqual(['thesis']);
    expect(heard.at(-1)).toMatchObject({ id: 3, several: { at: 3, of: 4 } });
  });

  it('stop where they are cancelled, with what is begun finished', async () => {
    const out = path.join(folder, 'out');
    mkdirSync(out);
    atStep = () => exports.cancel('another run');
    const all = await exports.several(run, [4], out, wanted);
    expect(all).toMatchObject({ ids: [4], cancelled: false });
    atStep = () => exports.cancel(run);
    const written = await exports.several(run, [1, 2, 3], out, wanted);
    expect(written).toMatchObject({ ids: [1], failed: [], cancelled: true });
    expect(readdirSync(path.join(out, 'mine c-0001')).sort()).toEqual([
      'architecture.json',
      'model.onnx',
    ]);
  });

  it('go on where the run is renamed meanwhile, and tell of it by its new name', async () => {
    const out = path.join(folder, 'out');
    mkdirSync(out);
    let renamed = '';
    atStep = ({ id }) => {
      if (id !== 2 || renamed) return;
      const to = path.join(folder, 'better.zico');
      renameSync(file, to);
      files.forget(run);
      renamed = files.register(to);
      exports.renamed(run, renamed);
    };
    const written = await exports.several(run, [1, 2, 3], out, wanted);
    expect(written).toMatchObject({ ids: [1, 2, 3], failed: [], cancelled: false });
    expect(heard.at(-1)).toMatchObject({ run: renamed, id: 3 });
    expect(readdirSync(out).sort()).toEqual(['mine c-0001', 'mine c-0002', 'mine c-0003']);
    // Where they are is known by the name of the moment, and by later ones.
    expect(exports.folderOf(renamed)).toBe(out);
    exports.renamed(renamed, 'best');
    expect(exports.folderOf('best')).toBe(out);
    expect(() => exports.folderOf(renamed)).toThrowError(/exported yet/);
  });

  it('are read once more where a rename came first, and only then', async () => {
    const asked: string[] = [];
    let rename = true;
    const queued = new Exports({
      files,
      searches: { agreed: async () => undefined },
      look: async <N extends LookName>(_name: N, of: string): Promise<LookResult<N>> => {
        asked.push(of);
        if (of === 'better') return {} as LookResult<N>;
        if (rename) queued.renamed(of, 'better');
        throw new WorkbenchError('run-file-missing', 'There is no such file.', 'Open another.');
      },
      services: { exportCandidate: async () => ['model.onnx'] },
      progress: () => undefined,
    });
    expect(await queued.several(run, [1], '/out', wanted)).toMatchObject({ ids: [1], failed: [] });
    await queued.network(run, '|0|', '/out', wanted);
    expect(asked).toEqual([run, 'better', run, 'better']);
    expect(queued.folderOf('better')).toBe('/out');
    rename = false;
    expect(await queued.several(run, [1], '/out', wanted)).toMatchObject({
      failed: [{ id: 1, error: { code: 'run-file-missing' } }],
    });
    expect(asked).toHaveLength(5);
  });

  it.skipIf(process.getuid?.() === 0)('say once that the folder is read-only', async () => {
    const out = path.join(folder, 'locked');
    mkdirSync(out);
    chmodSync(out, 0o500);
    await expect(exports.several(run, [1, 2], out, wanted)).rejects.toBeInstanceOf(WorkbenchError);
    chmodSync(out, 0o700);
  });
});
