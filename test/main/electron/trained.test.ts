import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { methods, type MethodArguments } from '../../../preload/contract.ts';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { DataOpening } from '../../../main/electron/data-opening.ts';
import { PhonesAtWork } from '../../../main/electron/phones/at-work.ts';
import { Runs } from '../../../main/electron/runs.ts';
import { TrainedModels } from '../../../main/electron/trained.ts';
import { FakeServices, tinySettings, writeRunFile } from './fake-services.ts';

let folder: string;
let services: FakeServices;
let runs: Runs;
let turn: ComputeTurn;
let run: string;
/** What the person chooses next. */
let chosen: string | null;
const nothing = (): void => undefined;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-trained-'));
  services = new FakeServices();
  turn = new ComputeTurn();
  const opening = new DataOpening(nothing);
  runs = new Runs({
    ...{ services, folder, opening, atWork: atWork(), turn, changed: nothing, searching: nothing },
  });
  const file = path.join(folder, 'a.zico');
  writeRunFile(file, 5);
  run = await runs.open(file);
  chosen = '/models/c2.onnx';
  services.networks.set('/models/c2.onnx', 2).set('/models/c3.onnx', 3);
});
afterEach(() => rmSync(folder, { recursive: true }));

const atWork = () =>
  new PhonesAtWork({ adb: () => ({ file: null, port: null }), changed: nothing });

/** As after the window was opened. */
const opened = () =>
  new TrainedModels({
    ...{ services, runs, turn, atWork: atWork() },
    chooseFile: async () => chosen,
  }).handlers();

const stated = { accuracy: 71.2, metric: 'top-1', data: 'flowers' };

async function attached(handlers = opened()) {
  const looked = await handlers['trained.choose']({ run, id: 2 });
  const models = await handlers['trained.attach']({ run, id: 2, digest: looked!.digest, stated });
  return { handlers, looked: looked!, models };
}

describe('a trained model in the window', () => {
  it('is looked at, attached, measured and taken away', async () => {
    const { handlers, looked, models } = await attached();
    methods['trained.list'].result.parse(models);
    expect(models).toMatchObject([
      { candidate: 2, ...stated, name: 'c2.onnx', digest: looked.digest, float32: null },
    ]);
    const measured = await handlers['trained.measure']({ run, id: 2 });
    methods['trained.list'].result.parse(measured);
    expect(measured![0]).toMatchObject({ float32: { latencyMs: 2 }, int8: { latencyMs: 2 } });
    expect(services.trainedMeasured).toEqual(['/models/c2.onnx float32', '/models/c2.onnx int8']);
    expect(await handlers['trained.detach']({ run, id: 2 })).toEqual([]);
  });

  it('keeps its latencies where something else is said of the same file alone', async () => {
    const { handlers, looked } = await attached();
    await handlers['trained.measure']({ run, id: 2 });
    const said = { ...stated, accuracy: 80 };
    const [same] = await handlers['trained.attach']({
      ...{ run, id: 2, digest: looked.digest, stated: said },
    });
    expect(same).toMatchObject({ accuracy: 80, int8: { latencyMs: 2 } });
    services.networks.set('/models/other-c2.onnx', 2);
    const other = await handlers['trained.dropped']({ run, id: 2, path: '/models/other-c2.onnx' });
    const [replaced] = await handlers['trained.attach']({
      ...{ run, id: 2, digest: other.digest, stated: said },
    });
    expect(replaced).toMatchObject({ name: 'other-c2.onnx', int8: null });
  });

  it('of another candidate is refused by name', async () => {
    const handlers = opened();
    const dropped = (path: string) => handlers['trained.dropped']({ run, id: 2, path });
    await expect(dropped('/models/c3.onnx')).rejects.toMatchObject({
      code: 'other-network',
      message: expect.stringContaining('c3.onnx is not the network of candidate 2') as string,
      hint: 'It is the network of candidate 3: attach it there.',
    });
    await expect(dropped('/models/odd.onnx')).rejects.toMatchObject({
      hint: 'Attach the model that was trained from the export of this candidate.',
    });
  });

  it('is attached to the candidate for which it was looked at, and to no other', async () => {
    const { handlers, looked } = await attached();
    const { digest } = looked;
    await expect(handlers['trained.attach']({ run, id: 3, digest, stated })).rejects.toMatchObject({
      code: 'not-attached',
    });
  });

  it('asks for its file again after the window was closed, and takes no other', async () => {
    await attached();
    const handlers = opened();
    chosen = null;
    expect(await handlers['trained.measure']({ run, id: 2 })).toBeNull();
    services.networks.set('/models/other-c2.onnx', 2);
    chosen = '/models/other-c2.onnx';
    await expect(handlers['trained.measure']({ run, id: 2 })).rejects.toMatchObject({
      code: 'other-network',
    });
    expect(services.trainedMeasured).toEqual([]);
    chosen = '/models/c2.onnx';
    expect(await handlers['trained.measure']({ run, id: 2 })).toHaveLength(1);
    // What is said of it can be changed without its file.
    const { digest } = (await opened()['trained.list']({ run }))[0]!;
    const said = { ...stated, accuracy: 1 };
    await opened()['trained.attach']({ run, id: 2, digest, stated: said });
  });

  it('is not measured while something else computes', async () => {
    const { handlers } = await attached();
    turn.take('search');
    await expect(handlers['trained.measure']({ run, id: 2 })).rejects.toMatchObject({
      code: 'search-running',
    });
  });

  it('is attached while its run is searched, by the search that has the file open', async () => {
    const live = await runs.searches.start('live', tinySettings, {});
    services.search.store();
    services.search.store();
    const handlers = opened();
    const of = { run: live, id: 2 };
    const looked = await handlers['trained.choose'](of);
    await handlers['trained.attach']({ ...of, digest: looked!.digest, stated });
    services.search.end('finished');
    await services.search.finished;
    expect(await handlers['trained.list']({ run: live })).toMatchObject([{ candidate: 2 }]);
  });

  it.each([
    { accuracy: 101 },
    { accuracy: -0.1 },
    { accuracy: Number.NaN },
    { metric: ' ' },
    { data: '' },
    { metric: 'x'.repeat(101) },
  ])('is refused with %o', async (change) => {
    const { handlers, looked } = await attached();
    const asked = {
      ...{ run, id: 2, digest: looked.digest, stated: { ...stated, ...change } },
    } satisfies MethodArguments<'trained.attach'>[0];
    expect(methods['trained.attach'].args.safeParse([asked]).success).toBe(false);
    await expect(handlers['trained.attach'](asked)).rejects.toMatchObject({ code: 'bad-accuracy' });
  });

  it('is ordered by the run’s scores, with the beta of the page', async () => {
    const handlers = opened();
    for (const id of [1, 2, 3]) {
      const path = `/models/n${id}.onnx`;
      services.networks.set(path, id);
      const { digest } = await handlers['trained.dropped']({ run, id, path });
      const said = { ...stated, accuracy: 10 * id };
      await handlers['trained.attach']({ run, id, digest, stated: said });
    }
    const groups = await handlers['trained.order']({ run, beta: 1 });
    methods['trained.order'].result.parse(groups);
    expect(groups[0]).toMatchObject({ candidates: [3, 2, 1] });
    expect(groups[0]!.scores[0]).toMatchObject({ score: 'score', kendall: 1, spearman: 1 });
  });
});

describe('a run that is renamed while its trained model is measured', () => {
  let now: string;
  let names: number;
  const rename = async () => void (now = await runs.rename(now, `name ${(names += 1)}`));
  beforeEach(() => {
    now = run;
    names = 0;
  });
  const renamedDuringLook = () => {
    const { lookAtTrained } = services;
    const later: typeof lookAtTrained = async (...args) => {
      await rename();
      return lookAtTrained(...args);
    };
    Object.assign(services, { lookAtTrained: later });
  };

  it('is read and written under its name of the moment', async () => {
    const { handlers } = await attached();
    // What is asked of the file comes too late for its name, every time; asked once more, it does not.
    let late = false;
    const tooLate = async () => {
      late = !late;
      if (late) await rename();
    };
    const { look, setTrained } = services.looking;
    const slow: Pick<typeof services.looking, 'look' | 'setTrained'> = {
      look: async (...args) => {
        await tooLate();
        return look(...args);
      },
      setTrained: async (...args) => {
        await tooLate();
        await setTrained(...args);
      },
    };
    Object.assign(services.looking, slow);
    const measured = await handlers['trained.measure']({ run, id: 2 });
    expect(measured).toMatchObject([{ float32: { latencyMs: 2 }, int8: { latencyMs: 2 } }]);
    // What is attached, thrice; the candidate; what is stored, twice; the list.
    expect(names).toBe(7);
    expect(services.trainedMeasured).toHaveLength(2);
  });

  it('orders what was trained under its name of the moment', async () => {
    const { handlers } = await attached();
    const { look } = services.looking;
    const renamedBefore: typeof look = async (...args) => {
      if (names === 0) await rename();
      return look(...args);
    };
    Object.assign(services.looking, { look: renamedBefore });
    expect(await handlers['trained.order']({ run, beta: 0 })).toEqual(expect.any(Array));
    expect(names).toBe(1);
  });

  it('knows by its new name what was looked at', async () => {
    const { handlers, looked } = await attached();
    renamedDuringLook();
    await handlers['trained.measure']({ run, id: 2 });
    const of = { run: now, id: 2 };
    expect(await handlers['trained.detach'](of)).toEqual([]);
    const { digest } = looked;
    expect(await handlers['trained.attach']({ ...of, digest, stated })).toHaveLength(1);
  });

  it('tells whose network a wrong file is', async () => {
    await attached();
    chosen = '/models/c3.onnx';
    renamedDuringLook();
    await expect(opened()['trained.measure']({ run, id: 2 })).rejects.toMatchObject({
      code: 'other-network',
      hint: 'It is the network of candidate 3: attach it there.',
    });
  });
});
