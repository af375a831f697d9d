import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ElsewhereFile } from '../../../main/electron/elsewhere.ts';
import { RunFiles } from '../../../main/electron/run-files.ts';

let home: string;
let file: string;
let own: string;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'zico-elsewhere-'));
  file = path.join(home, 'opened-runs.json');
  own = path.join(home, 'runs');
  mkdirSync(own);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const started = (): RunFiles => new RunFiles(own, new ElsewhereFile(file));
const paths = async (files: RunFiles): Promise<string[]> =>
  (await files.all()).map((run) => run.path);

describe('runs that were opened from elsewhere', () => {
  it('are listed at the next start, and those of the own folder are not listed twice', async () => {
    const sent = path.join(home, 'sent.zico');
    const mine = path.join(own, 'mine.zico');
    for (const one of [sent, mine]) writeFileSync(one, '');
    const first = started();
    for (const one of [sent, mine]) first.remember(first.register(one));
    expect(new ElsewhereFile(file).list()).toEqual([sent]);
    expect((await paths(started())).sort()).toEqual([mine, sent].sort());
  });

  it('are not listed while their file is gone, and come back with it', async () => {
    const sent = path.join(home, 'stick.zico');
    writeFileSync(sent, '');
    const first = started();
    first.remember(first.register(sent));
    rmSync(sent);
    expect(await paths(started())).toEqual([]);
    writeFileSync(sent, '');
    expect(await paths(started())).toEqual([sent]);
  });

  it('are forgotten once they are removed, or where the file is damaged', async () => {
    const sent = path.join(home, 'sent.zico');
    writeFileSync(sent, '');
    const first = started();
    const run = first.register(sent);
    first.remember(run);
    first.forget(run);
    expect(new ElsewhereFile(file).list()).toEqual([]);
    writeFileSync(file, '{"not": "a list"}');
    expect(await paths(started())).toEqual([]);
  });
});
