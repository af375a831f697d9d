import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { generationalDefaults } from '../../../main/common/settings/method.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { createRun } from '../../../main/store/run-file.ts';
import { Workbench } from '../../../main/workbench.ts';
import { Agreements } from '../../../main/workbench/agreements.ts';
import { toyRunInfo } from '../../support/toy-search.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'zico-agreements-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const share = '\\\\elsewhere\\images';
const runOf = (data: string | null, runId = 'r') => ({
  runId,
  settings: { ...defaultSearchSettings, data },
});

describe('the images of a run', () => {
  it('are agreed to once, run by run and path by path', () => {
    const agreements = new Agreements(folder);
    expect(() => agreements.assert(runOf(share), null)).toThrow(/nothing there was read/);
    expect(() => agreements.assert(runOf(share), '/other')).toThrow(/nothing there was read/);
    agreements.assert(runOf(share), share);
    new Agreements(folder).assert(runOf(share), null); // remembered
    expect(agreements.wanted(runOf('/other'))).toBe('/other');
    expect(agreements.wanted(runOf(share, 'another run'))).toBe(share);
  });

  it('need no agreement where they ship with the product', () => {
    expect(new Agreements(folder).wanted(runOf(null))).toBeNull();
  });

  it('are asked for again where nothing can be remembered', () => {
    const agreements = new Agreements('/dev/null/nowhere');
    agreements.assert(runOf(share), share);
    expect(agreements.wanted(runOf(share))).toBe(share);
  });
});

describe('a run from elsewhere', () => {
  it('is not gone on with before its path was agreed to, and touches nothing there', async () => {
    const main = path.join(import.meta.dirname, '../../../main');
    const entry = path.join(main, 'task/child.ts');
    let started = 0;
    const workbench = new Workbench({
      processes: { start: (...args) => (started++, nodeProcesses.start(...args)) },
      entries: { engine: entry, latency: entry, data: entry, adb: entry },
      assetsFolder: path.join(main, 'assets'),
      productVersion: '0',
      stateFolder: path.join(folder, 'state'),
    });
    const data = path.join(folder, 'no images');
    const file = path.join(folder, 'run.zico');
    const settings = {
      ...defaultSearchSettings,
      ...generationalDefaults,
      data,
      latency: 'macs' as const,
    };
    const { description: space } = spaceNamed(settings.space);
    createRun(file, { ...toyRunInfo(settings), space }).close();
    const resume = (agreedData: string | null) =>
      workbench.resumeSearch(file, () => undefined, { threads: 1, agreedData });
    await expect(resume(null)).rejects.toMatchObject({
      code: 'data-not-agreed',
      message: expect.stringContaining(data) as string,
    });
    expect(started).toBe(0); // what reads images runs in a child
    // Agreed to, it is looked for, and there is nothing.
    await expect(resume(data)).rejects.not.toMatchObject({ code: 'data-not-agreed' });
    await expect(resume(null)).rejects.not.toMatchObject({ code: 'data-not-agreed' });
    await workbench.close();
  });
});
