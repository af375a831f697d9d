import { FarmFile } from '../../../main/electron/farm/farm-file.ts';
import { FarmLink } from '../../../main/electron/farm/farm-link.ts';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHandlers, type Desktop } from '../../../main/electron/handlers.ts';
import type { Handlers } from '../../../main/electron/answer.ts';
import { Benchmarks } from '../../../main/electron/benchmarks.ts';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { DataOpening } from '../../../main/electron/data-opening.ts';
import { ElsewhereFile } from '../../../main/electron/elsewhere.ts';
import { ModelGraphs } from '../../../main/electron/model-graphs.ts';
import { Models } from '../../../main/electron/models.ts';
import { OpenedFiles } from '../../../main/electron/opened-files.ts';
import { PhonesAtWork } from '../../../main/electron/phones/at-work.ts';
import { PendingTrash } from '../../../main/electron/pending-trash.ts';
import { PreferenceFile } from '../../../main/electron/preferences.ts';
import { OwnSpaces } from '../../../main/electron/own-spaces.ts';
import type { SpaceDesktop } from '../../../main/electron/space-handlers.ts';
import { TrainedModels } from '../../../main/electron/trained.ts';
import { Trends } from '../../../main/electron/trends.ts';
import { SearchBenchmarks } from '../../../main/electron/search-benchmarks.ts';
import { TriedNetworks } from '../../../main/electron/tried-networks.ts';
import { Queue } from '../../../main/electron/queue/queue.ts';
import { QueueFile } from '../../../main/electron/queue/queue-file.ts';
import { CandidateRepeats } from '../../../main/electron/repeats.ts';
import { Runs } from '../../../main/electron/runs.ts';
import { usualRanges as ranges } from '../../../main/common/quantising.ts';
import { methods } from '../../../preload/contract.ts';
import { FakeServices, tinyCandidate, tinySettings, writeRunFile } from './fake-services.ts';

let folder: string;
let services: FakeServices;
let handlers: Handlers;
let openedFiles: OpenedFiles;
/** What the person answers in the next dialog. */
let chosen: string | null;
let revealed: string[];
let trash: PendingTrash;
let trashed: string[];
let opening: DataOpening;
/** How far opening images was, as the page is told. */
let heard: unknown[];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-handlers-'));
  services = new FakeServices();
  chosen = null;
  revealed = [];
  trashed = [];
  heard = [];
  const desktop: Desktop = {
    electronVersion: '0.0.0',
    chooseFolder: async () => chosen,
    chooseFile: async () => chosen,
    chooseFiles: async () => (chosen === null ? [] : [chosen]),
    showFile: (file) => void revealed.push(file),
    moveToTrash: async (file) => {
      trashed.push(file);
      rmSync(file);
    },
    load: () => ({ share: 0.5, bytes: 1e6, processes: 2 }),
    showInFileManager: async (file) => void revealed.push(file),
  };
  const nothing = (): void => undefined;
  const atWork = new PhonesAtWork({ adb: () => ({ file: null, port: null }), changed: nothing });
  const turn = new ComputeTurn();
  opening = new DataOpening((_purpose, progress) => void heard.push(progress));
  const runs = new Runs({
    services,
    folder,
    opening,
    atWork,
    turn,
    changed: nothing,
    searching: nothing,
    elsewhere: new ElsewhereFile(path.join(folder, 'opened-runs.json')),
  });
  const models = new Models({ services, turn, changed: nothing });
  const preferences = new PreferenceFile(path.join(folder, 'preferences.json'));
  const state = { state: 'unavailable' } as const;
  const updates = { state, check: async () => state };
  openedFiles = new OpenedFiles(nothing);
  const benchmarks = new Benchmarks({ services, folder, turn, changed: nothing });
  const searchBenchmarks = new SearchBenchmarks({ services, folder, turn, changed: nothing });
  const repeats = new CandidateRepeats({ services, runs, atWork, turn });
  const triedNetworks = new TriedNetworks({ services, turn });
  const ownSpaces = new OwnSpaces(path.join(folder, 'spaces'));
  const spaceDesktop: SpaceDesktop = {
    chooseFiles: desktop.chooseFiles,
    chooseNewFile: async () => chosen,
    moveToTrash: async (file) => rmSync(file),
  };
  const phones = {
    view: () => {
      throw new Error('These tests show no phones.');
    },
    ...{ reopen: async () => undefined, check: nothing, stopCheck: nothing },
  };
  const farm = new FarmLink({
    file: new FarmFile(path.join(folder, 'farm.json')),
    secrets: { obstacle: () => null, seal: (text) => text, open: (text) => text },
    farms: { watch: noFarm, needed: noFarm },
    ...{ password: null, changed: () => undefined },
  });
  const queue = new Queue({
    file: new QueueFile(path.join(folder, 'queue.json')),
    ...{ turn, runFiles: runs.files, searches: runs.searches, changed: nothing },
    infoOf: (file) => services.looking.look('info', file, null),
    prepare: async ({ settings }) => ({ settings }),
  });
  trash = new PendingTrash({
    pathOf: (run) => runs.files.pathOf(run),
    isSearched: (run) => runs.searches.liveOf(run) !== null,
    moveToTrash: (file) => desktop.moveToTrash(file),
    forget: (run) => runs.files.forget(run),
    passed: nothing,
  });
  handlers = createHandlers({
    ...{
      services,
      runs,
      queue,
      models,
      benchmarks,
      repeats,
      desktop,
      openedFiles,
      preferences,
      updates,
    },
    conversions: { run: async () => null, cancel: nothing },
    trials: { rate: async () => null },
    triedNetworks,
    modelGraphs: new ModelGraphs({ services, models, chooseFile: async () => chosen }),
    trained: new TrainedModels({ services, runs, turn, atWork, chooseFile: async () => null }),
    ...{ searchBenchmarks, phones, atWork, opening, farm },
    ...{ ownSpaces, spaceDesktop },
    trash,
    trends: new Trends(path.join(folder, 'trends.json')),
    support: {
      folders: { runs: folder, settings: folder, scores: folder, cache: folder, logs: folder },
      lastLines: () => '',
    },
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const noFarm = () => Promise.reject(new Error('there is no farm here'));

const startWith = (data: string | null) =>
  handlers['search.start']({ name: 'x', settings: { ...tinySettings, data } });

describe('the handlers', () => {
  it('describe the app and its spaces as the contract asks', async () => {
    expect(() => methods['app.describe'].result.parse(null)).toThrow();
    methods['app.describe'].result.parse(await handlers['app.describe']());
    methods['spaces.list'].result.parse(await handlers['spaces.list']());
  });

  it('read images only from where the person pointed', async () => {
    await expect(startWith('/etc')).rejects.toMatchObject({ code: 'data-not-chosen' });
    chosen = '/images';
    expect(await handlers['data.chooseFolder']()).toEqual({
      path: '/images',
      description: 'images of /images',
      images: 60,
      problems: [],
    });
    await expect(startWith('/images')).resolves.toHaveProperty('run');
  });

  it('count a folder that was dropped as chosen', async () => {
    const dropped = await handlers['data.dropped']({ path: '/images' });
    expect(dropped).toMatchObject({ path: '/images', images: 60 });
    await expect(startWith('/images')).resolves.toHaveProperty('run');
    await expect(handlers['data.dropped']({ path: '/empty' })).rejects.toMatchObject({
      code: 'no-images',
    });
  });

  it('let nothing wait that reads images from elsewhere', async () => {
    const settings = { ...tinySettings, data: '/etc' };
    const searches = [{ name: 'x', group: '', settings }];
    const adding = handlers['queue.add']({ title: null, searches });
    await expect(adding).rejects.toMatchObject({ code: 'data-not-chosen' });
    expect((await handlers['queue.view']()).searches).toEqual([]);
  });

  it('score models on images only from where the person pointed', async () => {
    const { settings } = await handlers['models.list']();
    const elsewhere = { settings: { ...settings, data: '/etc' } };
    await expect(handlers['models.configure'](elsewhere)).rejects.toMatchObject({
      code: 'data-not-chosen',
    });
  });

  it('show the images that a search would draw, from where the person pointed', async () => {
    const settings = { ...tinySettings, space: 'nats-sss', seed: 7, batchSize: 16 };
    const part = { batch: 1, first: 2, anew: false };
    const elsewhere = { wanted: { settings: { ...settings, data: '/etc' } }, ...part };
    await expect(handlers['images.ofSearch'](elsewhere)).rejects.toMatchObject({
      code: 'data-not-chosen',
    });
    await handlers['images.ofSearch']({ wanted: { settings }, ...part });
    expect(services.shown).toEqual([
      {
        data: { data: null, task: 'classification' },
        takers: expect.objectContaining({ scoringShape: [3, 32, 32], classes: 10 }) as object,
        draw: { batches: settings.batches, batchSize: 16, seed: 7 },
        ...{ size: null, same: null, ...part },
      },
    ]);
    await handlers['images.close']();
    expect(services.shown.at(-1)).toBeNull();
  });

  it('show the images of a run, which have to be those that it was scored on', async () => {
    writeRunFile(path.join(folder, 'earlier.zico'), 1, {
      settings: { ...tinySettings, seed: 3, data: '/earlier' },
      dataDescription: 'some; digest 01',
    });
    const { run } = (await handlers['runs.list']())[0]!;
    const part = { batch: 0, first: 0, anew: true };
    for (const candidate of [null, 1]) await handlers['images.ofRun']({ run, candidate, ...part });
    const request = {
      data: { data: '/earlier', task: 'classification' },
      takers: { title: 'Tiny space', scoringShape: [3, 32, 32], classes: 10 },
      draw: { batches: tinySettings.batches, batchSize: tinySettings.batchSize, seed: 3 },
      ...{ same: 'some; digest 01', size: null, ...part },
    };
    expect(services.shown).toEqual([request, request]);
  });

  it('do not count a folder without images as chosen', async () => {
    chosen = '/empty';
    await expect(handlers['data.chooseFolder']()).rejects.toMatchObject({ code: 'no-images' });
    await expect(startWith('/empty')).rejects.toMatchObject({ code: 'data-not-chosen' });
  });

  it('say how far it is with a large folder, which a person need not wait for', async () => {
    chosen = '/large';
    const choosing = handlers['data.chooseFolder']();
    await expect.poll(() => heard).toEqual([{ doing: 'listing', names: 4096 }]);
    await handlers['data.stop']({ purpose: 'look' });
    await handlers['data.stop']({ purpose: 'search' });
    expect(await Promise.race([choosing, Promise.resolve('goes on')])).toBe('goes on');
    await handlers['data.stop']({ purpose: 'choice' });
    expect(await choosing).toBeNull();
    expect(heard.at(-1)).toBeNull();
    await expect(startWith('/large')).rejects.toMatchObject({ code: 'data-not-chosen' });
  });

  it('may use the images of an earlier run again', async () => {
    const settings = { ...tinySettings, data: '/earlier' };
    writeRunFile(path.join(folder, 'earlier.zico'), 1, { settings });
    await expect(startWith('/earlier')).resolves.toHaveProperty('run');
  });

  it('do nothing when the person cancels a dialog', async () => {
    const { run } = await startWith(null);
    expect(await handlers['data.chooseFolder']()).toBeNull();
    expect(await handlers['runs.chooseFile']()).toBeNull();
    expect(
      await handlers['candidate.export']({ run, id: 1, formats: ['pytorch'], ranges }),
    ).toBeNull();
    expect(services.exports).toEqual([]);
  });

  it('open the run file that the system handed over, once, and say what is wrong with it', async () => {
    const sent = path.join(folder, 'sent.zico');
    writeRunFile(sent, 1);
    openedFiles.add([sent]);
    const opened = await handlers['runs.opened']();
    expect((await handlers['runs.view']({ run: opened?.run ?? '' })).summary.name).toBe('sent');
    expect(await handlers['runs.opened']()).toBeNull();
    openedFiles.add([path.join(folder, 'missing.zico')]);
    await expect(handlers['runs.opened']()).rejects.toHaveProperty('hint');
  });

  it('export into a new folder where the chosen one is taken', async () => {
    const { run } = await startWith(null);
    services.search.store();
    services.taken.add('/documents');
    chosen = '/documents';
    const folder = path.join('/documents', 'x c-0001');
    expect(
      await handlers['candidate.export']({ run, id: 1, formats: ['pytorch'], ranges }),
    ).toMatchObject({
      folder,
    });
    await handlers['candidate.reveal']({ run });
    expect(revealed).toEqual([folder]);
  });

  it('export a network of a run that is renamed while it is scored', async () => {
    const { run } = await startWith(null);
    services.search.store();
    services.search.end('stopped');
    await services.search.finished;
    await Promise.resolve();
    chosen = '/out';
    let renamed = '';
    services.scoreNetwork = async () => {
      ({ run: renamed } = await handlers['runs.rename']({ run, name: 'Night' }));
      return tinyCandidate(1) as never;
    };
    const { genotype } = tinyCandidate(1);
    expect(
      await handlers['candidate.exportNetwork']({ run, genotype, formats: ['pytorch'], ranges }),
    ).toMatchObject({ folder: '/out' });
    await handlers['candidate.reveal']({ run: renamed });
    expect(revealed).toEqual(['/out']);
  });

  it('export into the chosen folder and show it afterwards', async () => {
    const { run } = await startWith(null);
    await expect(handlers['candidate.reveal']({ run })).rejects.toMatchObject({
      code: 'nothing-exported',
    });
    services.search.store();
    chosen = '/out';
    expect(
      await handlers['candidate.export']({ run, id: 1, formats: ['pytorch'], ranges }),
    ).toEqual({
      folder: '/out',
      files: ['model.onnx', 'architecture.json'],
    });
    expect(services.exports).toMatchObject([
      {
        info: { settings: { space: 'tiny' } },
        candidate: { id: 1 },
        candidates: [], // only a report needs them
        standing: { secondOpinion: null, indistinctFrom: [] },
        folder: '/out',
        formats: ['pytorch', 'safetensors', 'json'],
      },
    ]);
    await handlers['candidate.export']({ run, id: 1, formats: ['html'], ranges });
    expect(services.exports[1]).toMatchObject({
      candidates: [{ id: 1 }],
      formats: ['json', 'html'],
    });
    await handlers['candidate.reveal']({ run });
    expect(revealed).toEqual(['/out']);
  });

  it('keep stars, notes and tags in the run, while it is searched and afterwards', async () => {
    const { run } = await startWith(null);
    services.search.store();
    const mark = { candidate: 1, starred: true, note: 'for the demo', name: 'small one' };
    expect(await handlers['runs.mark']({ run, mark })).toEqual([mark]);
    services.search.end('finished');
    const other = { ...mark, starred: false };
    expect(await handlers['runs.mark']({ run, mark: other })).toEqual([other]);
    expect(await handlers['runs.marks']({ run })).toEqual([other]);
    await handlers['runs.tag']({ run, tags: ['phone', 'phone', 'paper'] });
    const [summary] = await handlers['runs.list']();
    expect(summary?.tags).toEqual(['phone', 'paper']);
    expect(services.openReaders).toBe(0);
  });

  it('write a copy without notes and a report where the person says, once the search has ended', async () => {
    const { run } = await startWith(null);
    services.search.store();
    const busy = { code: 'run-in-use' };
    await expect(handlers['runs.saveWithoutNotes']({ run })).rejects.toMatchObject(busy);
    await expect(handlers['runs.saveReport']({ run })).rejects.toMatchObject(busy);
    services.search.end('finished');
    await services.search.finished;
    await Promise.resolve();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-passed-on-'));
    chosen = null;
    expect(await handlers['runs.saveReport']({ run })).toBeNull();
    chosen = path.join(folder, 'copy.zico');
    const mark = { candidate: 1, starred: true, note: 'mine', name: '' };
    await handlers['runs.mark']({ run, mark });
    expect(await handlers['runs.saveWithoutNotes']({ run })).toEqual({ file: chosen });
    expect(readFileSync(chosen, 'utf8')).not.toContain('mine');
    expect(await handlers['runs.marks']({ run })).toEqual([mark]);
    rmSync(folder, { recursive: true });
  });

  it('say where nothing can be noted in a file', async () => {
    const { run } = await startWith(null);
    expect((await handlers['runs.view']({ run })).readOnly).toBe(false);
    services.search.end('finished');
    await services.search.finished;
    await Promise.resolve();
    const [summary] = await handlers['runs.list']();
    expect((await handlers['runs.view']({ run })).readOnly).toBe(false);
    chmodSync(summary!.path, 0o444);
    expect((await handlers['runs.view']({ run })).readOnly).toBe(true);
  });

  it('take a run out of sight, and its file to the trash only when undoing has passed', async () => {
    const { run } = await startWith(null);
    const file = (await handlers['runs.list']())[0]!.path;
    await expect(handlers['runs.trash']({ runs: [run] })).rejects.toMatchObject({
      code: 'run-in-use',
    });
    services.search.end('stopped');
    await services.search.finished;
    await Promise.resolve();
    await handlers['runs.trash']({ runs: [run] });
    expect(await handlers['runs.list']()).toEqual([]);
    expect(trashed).toEqual([]);
    await handlers['runs.restore']({ runs: [run] });
    expect(await handlers['runs.list']()).toHaveLength(1);
    await handlers['runs.trash']({ runs: [run] });
    await trash.close(); // the window is closed: the offer has passed
    expect(trashed).toEqual([file]);
    expect(await handlers['runs.list']()).toEqual([]);
    await expect(handlers['runs.restore']({ runs: [run] })).rejects.toMatchObject({
      code: 'already-trashed',
    });
  });

  it('rename a run, whose notes and place in the queue go along, but over no other', async () => {
    const { run } = await startWith(null);
    await expect(handlers['runs.rename']({ run, name: 'y' })).rejects.toMatchObject({
      code: 'run-in-use',
    });
    services.search.end('stopped');
    await services.search.finished;
    await Promise.resolve();
    await handlers['runs.tag']({ run, tags: ['paper'] });
    const renamed = await handlers['runs.rename']({ run, name: 'Night: 2' });
    expect(renamed.run).not.toBe(run);
    expect(await handlers['runs.list']()).toMatchObject([
      { run: renamed.run, name: 'Night 2', tags: ['paper'] },
    ]);
    // The old name says what has become of it, and a second run cannot take the new one.
    await expect(handlers['runs.view']({ run })).rejects.toMatchObject({ code: 'unknown-run' });
    const { run: other } = await startWith(null);
    services.search.end('stopped');
    await services.search.finished;
    await Promise.resolve();
    await expect(handlers['runs.rename']({ run: other, name: 'Night 2' })).rejects.toMatchObject({
      code: 'run-name-taken',
    });
  });

  it('show the file of a run, and remember files from elsewhere', async () => {
    const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'zico-elsewhere-'));
    try {
      const file = path.join(elsewhere, 'from a colleague.zico');
      writeRunFile(file, 3);
      chosen = file;
      const opened = await handlers['runs.chooseFile']();
      await handlers['runs.reveal']({ run: opened!.run });
      expect(revealed).toEqual([file]);
      const [recent] = await handlers['runs.recent']();
      expect(recent).toMatchObject({ name: 'from a colleague', path: file });
      expect(await handlers['runs.openRecent']({ run: recent!.run })).toEqual(opened);
      rmSync(file);
      expect(await handlers['runs.recent']()).toEqual([]);
      await expect(handlers['runs.openRecent']({ run: recent!.run })).rejects.toMatchObject({
        code: 'run-gone',
      });
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});
