import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npyBytes } from '../main/task/npy-files.ts';
import type { LaunchedApp } from './launch.ts';
import { answerDialogs } from './pages/dialogs.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';
import type { RunPage } from './pages/run.ts';

const python = process.env['ZICO_PYTHON'] ?? '/usr/bin/python3';
const checkModules = path.join(import.meta.dirname, '../support/check_pytorch_modules.py');

/** One story: every step goes on where the one before ended. */
describe('from nothing to an exported network', () => {
  let home: Home;
  let launched: LaunchedApp;
  let run: RunPage;
  beforeAll(async () => {
    home = await createHome();
    launched = await home.open({
      env: { ORT_DISABLE_TELEMETRY: undefined, XDG_CACHE_HOME: path.join(home.folder, 'cache') },
    });
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  it('starts a search with the form', async () => {
    const form = await new NewSearchPage(launched.page).open();
    await form.fill({ ...smallSearch, Name: 'First' });
    run = await form.start();
    expect(await run.now()).toMatch(/of 8 candidates/);
  });

  it('shows candidates while it searches, long before it has finished', async () => {
    await run.show('All');
    await run.row('c-0001').waitFor({ timeout: 60_000 });
    expect(await run.now()).toMatch(/Preparing|Scoring|Measuring/);
  });

  it('finishes with every candidate scored and measured', async () => {
    await run.waitUntil('Finished', 120_000);
    const names = Array.from({ length: 8 }, (_, index) => `c-000${index + 1}`);
    expect((await run.names()).sort()).toEqual(names);
    await run.show('Failed');
    expect(await run.names()).toEqual([]);
  }, 130_000);

  it('lets onnxruntime not name this machine', async () => {
    const kept = await readdir(path.join(home.folder, 'cache'), { recursive: true }).catch(
      () => [],
    );
    expect(kept.filter((name) => /onnxruntime|deviceid/i.test(name))).toEqual([]);
  });

  it('ranks again at once when β moves', async () => {
    await run.show('All');
    const scores = async (): Promise<string[]> => (await run.figures()).sort();
    await run.moveBeta('Home');
    await expect.poll(() => run.beta.inputValue()).toBe('0');
    const plain = await scores();
    await run.moveBeta('End');
    await expect.poll(scores).not.toEqual(plain);
    await run.moveBeta('Home');
    await expect.poll(scores).toEqual(plain);
  });

  it('tells of a selected candidate what it is and how it was scored', async () => {
    await run.show('Front');
    const [name] = await run.names();
    const inspector = await run.select(name ?? '');
    const text = await inspector.text();
    expect(text).toMatch(/Parameters\s*[\d.]+/);
    expect(text).toMatch(/MACs\s*[\d.]+/);
    // Five stages of three blocks with two convolutions each, stem, shortcuts and classifier.
    await expect.poll(() => inspector.layers().count()).toBeGreaterThan(10);
    await expect
      .poll(() => inspector.text())
      .toMatch(/Median of \d+ runs after 3 warm-up runs, batch 1, float32, 1 thread/);
  });

  it('exports it as a network that runs', async () => {
    const folder = path.join(home.folder, 'export');
    await mkdir(folder);
    await answerDialogs(launched.app, folder);
    await run.inspector.panel.getByRole('button', { name: 'What the export holds' }).click();
    const { panel } = run.inspector;
    await panel.getByRole('checkbox', { name: 'NumPy weights' }).check();
    // With int8 its ranges come below the formats: these scroll, and the button stays.
    const int8 = panel.getByRole('checkbox', { name: 'TensorFlow Lite, int8' });
    const heading = panel.getByRole('heading').first();
    const before = await heading.boundingBox();
    await int8.check();
    const button = await panel.getByRole('button', { name: 'Export…' }).boundingBox();
    const height = await launched.page.evaluate(() => innerHeight);
    expect(button!.y + button!.height).toBeLessThan(height);
    expect(await heading.boundingBox()).toEqual(before);
    await int8.uncheck();
    await run.inspector.export();
    await run.inspector.panel.getByText('exported').waitFor();
    expect((await readdir(folder)).sort()).toEqual([
      'README.md',
      'architecture.json',
      'model.onnx',
      'network.py',
      'report.html',
      'weights.npz',
      'weights.safetensors',
    ]);

    const session = await InferenceSession.create(path.join(folder, 'model.onnx'));
    const [input] = session.inputNames;
    const pixels = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i));
    const image = new Tensor('float32', pixels, [1, 3, 32, 32]);
    const outputs = await session.run({ [input ?? '']: image });
    const scores = outputs[session.outputNames[0] ?? ''];
    expect(scores?.dims).toEqual([1, 10]);

    // The PyTorch module, as Python loads it, gives what the ONNX model gives.
    await writeFile(
      path.join(folder, 'input.npy'),
      npyBytes({ descr: '<f4', shape: [1, 3, 32, 32], data: pixels }),
    );
    const logits = scores?.data as Float32Array;
    await writeFile(
      path.join(folder, 'output0.npy'),
      npyBytes({ descr: '<f4', shape: [1, 10], data: logits }),
    );
    const [module] = JSON.parse(
      execFileSync(python, [checkModules, folder], { encoding: 'utf8' }),
    ) as [{ sameWeights: boolean; difference: number; parameters: number }];
    expect(module.sameWeights).toBe(true);
    expect(module.difference).toBeLessThan(1e-4);

    const architecture = JSON.parse(
      await readFile(path.join(folder, 'architecture.json'), 'utf8'),
    ) as unknown;
    expect(JSON.stringify(architecture)).toContain('nats-sss');
    expect(architecture).toMatchObject({ network: { parameters: module.parameters } });
  }, 120_000);

  it('went without a single error in the page', async () => {
    expect(await launched.problems()).toEqual([]);
  });
});
