/** A real Workbench of plain Node, with a folder of its own, for all tests of a file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { Workbench } from '../../main/workbench.ts';
import { workbenchPlaces } from './engines.ts';

export interface WorkbenchInFolder {
  /** Both are there from the file's first `beforeAll` on. */
  readonly workbench: Workbench;
  readonly folder: string;
}

/** @param name of the tests, for the folder's name */
export function workbenchInFolder(name: string): WorkbenchInFolder {
  let folder: string;
  let workbench: Workbench;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), `zico-${name}-`));
    workbench = new Workbench({
      ...{ processes: nodeProcesses, ...workbenchPlaces },
      ...{ productVersion: '0.0.0', stateFolder: folder },
    });
  });
  afterAll(async () => {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get workbench() {
      return workbench;
    },
    get folder() {
      return folder;
    },
  };
}
