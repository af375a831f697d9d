/**
 * Opens run files in every way that the product does, one after another: the window's list, analyse, export and
 * a resumed search. Run by damaged-runs.ts, which watches its time and memory.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { analyseBias } from '../../main/analysis/bias.ts';
import { lookAt } from '../../main/electron/reading/looks.ts';
import { RunSpaces } from '../../main/electron/run-spaces.ts';
import { reportOf } from '../../main/errors.ts';
import { exportCandidate } from '../../main/export/export-candidate.ts';
import { summarise } from '../../main/graph/summary.ts';
import type { CandidateId } from '../../main/run/candidate.ts';
import { runSearch } from '../../main/search/search.ts';
import type { RunStore } from '../../main/run/run-store.ts';
import { builtInSpaces, spaceOfRun } from '../../main/space/index.ts';
import type { Genotype } from '../../main/space/space.ts';
import { openRunForWriting, openRunReadOnly } from '../../main/store/run-file.ts';
import { toyScore } from './toy-search.ts';

/** The outcome of one way of opening: a digest of what was read, or the error's code. */
export type Opened =
  { readonly digest: string } | { readonly code: string; readonly message: string };

const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** A made-up score that depends on the genotype alone; nothing is computed. */
export function madeUpScore(genotype: Genotype) {
  return toyScore(genotype.replaceAll(':', '-') as Genotype);
}

/** Continues a search to the end of its budget. */
export async function searchOn(store: RunStore): Promise<void> {
  const info = store.info();
  const space = spaceOfRun(info);
  await runSearch({
    space,
    settings: info.settings,
    store,
    latency: null,
    score: (genotype) => Promise.resolve(madeUpScore(genotype)),
    summarise: (genotype) => summarise(space.decode(genotype)),
  });
}

const context = { spaces: new RunSpaces({ spaces: builtInSpaces() }), summarise };

const ways: Readonly<Record<string, (file: string) => unknown>> = {
  async list(file) {
    const run = openRunReadOnly(file);
    try {
      const summary = await lookAt('summary', context, run, { run: 'run', file: 'run.zico' });
      const view = await lookAt('view', context, run, { run: 'run', file: 'run.zico' });
      const page = await lookAt('candidates', context, run, { after: 0, most: 5000 });
      const trend = await lookAt('trend', context, run, null);
      return [summary, view, page, trend];
    } finally {
      run.close();
    }
  },
  analyse(file) {
    const run = openRunReadOnly(file);
    try {
      const info = run.info();
      return analyseBias(run.candidates(), spaceOfRun(info), info.settings, {});
    } finally {
      run.close();
    }
  },
  async export(file) {
    const run = openRunReadOnly(file);
    const folder = mkdtempSync(path.join(tmpdir(), 'zico-damaged-export-'));
    try {
      const formats = ['html', 'json', 'onnx'] as const;
      const request = { run, id: 7 as CandidateId, productVersion: '1', formats };
      const names = await exportCandidate({ ...request, folder: path.join(folder, 'out') });
      return names.map((name) => readFileSync(path.join(folder, 'out', name), 'latin1'));
    } finally {
      run.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  async resume(file) {
    const run = openRunForWriting(file);
    try {
      await searchOn(run);
      return run.candidates().map(({ id }) => run.candidate(id));
    } finally {
      run.close();
    }
  },
};

export const wayNames = Object.keys(ways);

async function open(way: string, file: string): Promise<Opened> {
  try {
    return { digest: digestOf(await ways[way]!(file)) };
  } catch (error) {
    const { code, message } = reportOf(error);
    return { code, message };
  }
}

process.send?.('ready');
process.on('message', (message: { way: string; file: string }) => {
  void open(message.way, message.file).then((opened) => process.send?.(opened));
});
