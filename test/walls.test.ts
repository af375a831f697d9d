import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { ESLint } from 'eslint';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Known } from '../main/common/known.ts';

const root = path.join(import.meta.dirname, '..');
const options = await extractDepcruiseOptions(path.join(root, '.dependency-cruiser.cjs'));

/** Source files of a tiny project: path -> text. */
type Tree = Readonly<Record<string, string>>;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-walls-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What looking at the tree finds. */
async function cruised(tree: Tree, baseDir = folder): Promise<ICruiseResult> {
  for (const [file, text] of Object.entries(tree)) {
    mkdirSync(path.dirname(path.join(baseDir, file)), { recursive: true });
    writeFileSync(path.join(baseDir, file), text);
  }
  const tops = [...new Set(Object.keys(tree).map((file) => file.split('/')[0]!))];
  const sources = tops.filter((top) => top !== 'test' && top !== 'node_modules');
  const { output } = await cruise(sources, { ...options, baseDir });
  return output as ICruiseResult;
}

const namesOf = (broken: ICruiseResult['summary']['violations']): string[] =>
  [...new Set(broken.map(({ rule }) => rule.name))].sort();

/** Names of the rules that the tree breaks, each once. */
const broken = async (tree: Tree): Promise<string[]> =>
  namesOf((await cruised(tree)).summary.violations);

type Arrow = readonly [from: string, to: string, ...rest: readonly string[]];

/**
 * Names of the rules that an arrow breaks. All stand in one tree, since looking at one takes much longer than an arrow;
 * that together they lead in circles is no fault of any.
 */
async function brokenBy(arrows: readonly Arrow[]): Promise<(from: string, to: string) => string[]> {
  const tree: Record<string, string> = {};
  for (const [from, to] of arrows) {
    let specifier = path.posix.relative(path.posix.dirname(from), to);
    if (!specifier.startsWith('.')) specifier = `./${specifier}`;
    tree[from] = `${tree[from] ?? ''}export * from '${specifier}';\n`;
    tree[to] ??= '';
  }
  const nonEmpty = Object.entries(tree).map(([file, text]) => [file, text || 'export {};\n']);
  const baseDir = mkdtempSync(path.join(os.tmpdir(), 'zico-arrows-'));
  const { modules, summary } = await cruised(Object.fromEntries(nonEmpty) as Tree, baseDir);
  rmSync(baseDir, { recursive: true });
  // An arrow that was not followed would break no rule.
  const followed = modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => `${source} -> ${resolved}`),
  );
  expect(followed).toEqual(expect.arrayContaining(arrows.map(([from, to]) => `${from} -> ${to}`)));
  return (from, to) =>
    namesOf(
      summary.violations.filter(
        (one) => one.from === from && one.to === to && one.rule.name !== 'no-circles',
      ),
    );
}

describe('a wall stands where an arrow would go the wrong way', () => {
  const arrows: readonly (readonly [string, string, string])[] = [
    ['renderer/points.ts', 'main/search/search.ts', 'renderer-sees-the-contract-only'],
    ['renderer/points.ts', 'preload/preload.ts', 'renderer-sees-the-contract-only'],
    ['renderer/points.ts', 'main/benchmark/passes.ts', 'renderer-sees-the-contract-only'],
    ['main/common/zico-bc.ts', 'main/errors.ts', 'common-stands-alone'],
    ['main/common/settings.ts', 'preload/contract.ts', 'common-stands-alone'],
    ['preload/contract.ts', 'main/errors.ts', 'preload-stands-alone'],
    ['preload/preload.ts', 'renderer/state.ts', 'preload-stands-alone'],
    ['main/graph/shape.ts', 'main/space/space.ts', 'graph-stands-alone'],
    ['main/graph/shape.ts', 'main/proxy/zico.ts', 'graph-stands-alone'],
    ['main/proxy/zico.ts', 'main/graph/graph.ts', 'proxy-stands-alone'],
    ['main/child/supervisor.ts', 'main/engine/engine.ts', 'child-stands-alone'],
    ['main/errors.ts', 'main/graph/graph.ts', 'foundation-stands-alone'],
    ['main/space/space.ts', 'main/workbench.ts', 'space-looks-down'],
    ['main/asked/score.ts', 'main/cli/options.ts', 'asked-looks-down'],
    ['main/library/index.ts', 'main/cli/run.ts', 'library-beside-command-line'],
    ['main/electron/app.ts', 'main/space-code/open.ts', 'window-beside-command-line'],
    ['main/workbench.ts', 'main/space-code/open.ts', 'workbench-looks-down'],
    ['main/space/index.ts', 'main/space-code/open.ts', 'space-looks-down'],
    ['main/space-code/open.ts', 'main/run/candidate.ts', 'space-code-looks-down'],
    ['main/task/batches.ts', 'main/search/search.ts', 'task-looks-down'],
    ['main/engine/engine.ts', 'main/export/report.ts', 'engine-looks-down'],
    ['main/latency/latency.ts', 'main/cli.ts', 'latency-looks-down'],
    ['main/phone/adb.ts', 'main/electron/main.ts', 'phone-looks-down'],
    ['main/store/run-file.ts', 'main/search/search.ts', 'store-looks-down'],
    ['main/task/batches.ts', 'main/engine/engine.ts', 'task-looks-down'],
    ['main/task/batches.ts', 'main/space/space.ts', 'task-looks-down'],
    ['main/space/index.ts', 'main/run/candidate.ts', 'space-looks-down'],
    ['main/space/space.ts', 'main/engine/engine.ts', 'space-looks-down'],
    ['main/engine/engine.ts', 'main/space/space.ts', 'engine-looks-down'],
    ['main/engine/engine.ts', 'main/latency/latency.ts', 'engine-looks-down'],
    ['main/quantise/calibrate.ts', 'main/latency/latency.ts', 'deployed-looks-down'],
    ['main/tflite/index.ts', 'main/export/formats.ts', 'deployed-looks-down'],
    ['main/latency/latency.ts', 'main/phone/measurement.ts', 'latency-looks-down'],
    ['main/latency/host.ts', 'main/store/run-file.ts', 'latency-looks-down'],
    ['main/phone/phones.ts', 'main/engine/engine.ts', 'phone-looks-down'],
    ['main/phone/phones.ts', 'main/store/run-file.ts', 'phone-looks-down'],
    ['main/store/run-file.ts', 'main/phone/phones.ts', 'store-looks-down'],
    ['main/store/run-file.ts', 'main/task/batches.ts', 'store-looks-down'],
    ['main/run/candidate.ts', 'main/search/search.ts', 'run-looks-down'],
    ['main/run/run-store.ts', 'main/store/run-file.ts', 'run-looks-down'],
    ['main/run/candidate.ts', 'main/phone/phones.ts', 'run-looks-down'],
    ['main/latency/latency.ts', 'main/run/candidate.ts', 'latency-looks-down'],
    ['main/phone/phones.ts', 'main/run/candidate.ts', 'phone-looks-down'],
    ['main/graph/shape.ts', 'main/warning.ts', 'graph-stands-alone'],
    ['main/search/search.ts', 'main/workbench.ts', 'search-looks-down'],
    ['main/farm/worker.ts', 'main/search/search.ts', 'farm-looks-down'],
    ['main/farm/worker.ts', 'main/workbench.ts', 'farm-looks-down'],
    ['main/search/search.ts', 'main/farm/worker.ts', 'search-looks-down'],
    ['main/export/report.ts', 'main/search/search.ts', 'outlets-look-down'],
    ['main/measure-model/measure-model.ts', 'main/workbench.ts', 'outlets-look-down'],
    ['main/analysis/bias.ts', 'main/store/run-file.ts', 'analysis-is-pure'],
    ['main/analysis/bias.ts', 'main/search/search.ts', 'analysis-is-pure'],
    ['main/space/space.ts', 'main/analysis/bias.ts', 'space-looks-down'],
    ['main/benchmark/kendall.ts', 'main/workbench.ts', 'outlets-look-down'],
    ['main/workbench.ts', 'main/electron/main.ts', 'workbench-looks-down'],
    ['main/workbench.ts', 'preload/contract.ts', 'workbench-looks-down'],
    ['main/cli.ts', 'main/electron/main.ts', 'command-line-without-window'],
    ['main/cli/search.ts', 'main/electron/main.ts', 'command-line-without-window'],
    ['main/electron/main.ts', 'main/cli/search.ts', 'window-beside-command-line'],
    ['main/electron/main.ts', 'renderer/state.ts', 'window-beside-command-line'],
    ['main/workbench.ts', 'test/helpers.ts', 'workbench-looks-down'],
    ['main/newcomer/newcomer.ts', 'main/errors.ts', 'every-part-has-walls'],
    [
      'renderer/ground/chart/axis.ts',
      'renderer/shell/router.svelte.ts',
      'window-ground-looks-down',
    ],
    ['renderer/shell/notices.svelte.ts', 'renderer/runs/text.ts', 'window-shell-looks-down'],
    [
      'renderer/phones/phones.ts',
      'renderer/search/form/phone-choice.ts',
      'window-phones-looks-down',
    ],
    ['renderer/spaces/text.ts', 'renderer/runs/text.ts', 'window-spaces-looks-down'],
    [
      'renderer/score/models.svelte.ts',
      'renderer/open-run/pins.svelte.ts',
      'window-score-looks-down',
    ],
    ['renderer/runs/runs.svelte.ts', 'renderer/open-run/pins.svelte.ts', 'window-runs-looks-down'],
    ['renderer/open-run/pins.svelte.ts', 'renderer/choosing/text.ts', 'window-open-run-looks-down'],
    ['renderer/benchmarks/text.ts', 'renderer/choosing/text.ts', 'window-benchmarks-looks-down'],
    ['renderer/candidate/text.ts', 'renderer/choosing/text.ts', 'window-candidate-looks-down'],
    ['renderer/choosing/text.ts', 'renderer/candidate/text.ts', 'window-choosing-looks-down'],
    ['renderer/search/text.ts', 'renderer/app/workbench.svelte.ts', 'window-search-looks-down'],
    ['renderer/settings/text.ts', 'renderer/app/workbench.svelte.ts', 'window-settings-looks-down'],
    ['renderer/app/workbench.svelte.ts', 'renderer/main.ts', 'window-app-looks-down'],
    ['renderer/newcomer/newcomer.ts', 'preload/contract.ts', 'every-room-has-walls'],
  ];
  let rulesOf: Awaited<ReturnType<typeof brokenBy>>;
  beforeAll(async () => {
    rulesOf = await brokenBy(arrows);
  });
  it.each(arrows)('%s may not import %s', (from, to, rule) => {
    expect(rulesOf(from, to)).toEqual([rule]);
  });

  it('counts an import of types alone', async () => {
    const tree: Tree = {
      'main/graph/graph.ts': "import type { Space } from '../space/space.ts';\nlet s: Space;\n",
      'main/space/space.ts': 'export interface Space { name: string }\n',
    };
    expect(await broken(tree)).toEqual(['graph-stands-alone']);
  });

  it('looks into components', async () => {
    const tree: Tree = {
      'renderer/App.svelte':
        '<script lang="ts">\n  import { value } from \'../main/errors.ts\';\n</script>\n\n{value}\n',
      'main/errors.ts': 'export const value = 1;\n',
    };
    expect(await broken(tree)).toEqual(['renderer-sees-the-contract-only']);
  });

  it('keeps what speaks to Redis in main/farm', async () => {
    const queue: Tree = {
      'node_modules/bullmq/package.json': '{"name":"bullmq","main":"index.js"}',
      'node_modules/bullmq/index.js': '',
    };
    const use = "import { Queue } from 'bullmq';\nexport { Queue };\n";
    expect(await broken({ ...queue, 'main/workbench/farms.ts': use })).toEqual([
      'queue-in-one-room',
    ]);
    rmSync(path.join(folder, 'main'), { recursive: true });
    expect(await broken({ ...queue, 'main/farm/worker.ts': use })).toEqual([]);
  });

  it('keeps Electron in main/electron and preload', async () => {
    const electron: Tree = {
      'node_modules/electron/package.json': '{"name":"electron","main":"index.js"}',
      'node_modules/electron/index.js': '',
    };
    const use = "import { app } from 'electron';\nexport { app };\n";
    expect(await broken({ ...electron, 'main/store/paths.ts': use })).toEqual(['electron-at-home']);
    rmSync(path.join(folder, 'main'), { recursive: true });
    expect(await broken({ ...electron, 'main/electron/main.ts': use })).toEqual([]);
  });

  it('keeps the decoder of pictures out of the main process, however far away', async () => {
    const library: Tree = {
      'node_modules/@napi-rs/image/package.json': '{"name":"@napi-rs/image","main":"index.js"}',
      'node_modules/@napi-rs/image/index.js': '',
    };
    const use = "import image from '@napi-rs/image';\nexport { image };\n";
    expect(await broken({ ...library, 'main/task/other.ts': use })).toEqual([
      'decoder-in-one-place',
    ]);
    rmSync(path.join(folder, 'main'), { recursive: true });
    const decoder: Tree = {
      ...library,
      'main/task/pictures/decode.ts': use,
      'main/task/open.ts': "export * from './pictures/decode.ts';\n",
      'main/task/child.ts': "export * from './open.ts';\n",
    };
    expect(await broken(decoder)).toEqual([]);
    const near = { 'main/workbench.ts': "export * from './task/open.ts';\n" };
    expect(await broken({ ...decoder, ...near })).toEqual(['pictures-decoded-in-the-child']);
  });

  it('keeps everything but schemas out of what both sides know', async () => {
    const packages: Tree = {
      'node_modules/zod/package.json': '{"name":"zod","main":"index.js"}',
      'node_modules/zod/index.js': '',
      'node_modules/pure-rand/package.json': '{"name":"pure-rand","main":"index.js"}',
      'node_modules/pure-rand/index.js': '',
    };
    const use = (name: string) => `import * as it from '${name}';\nexport { it };\n`;
    const importing = (name: string) =>
      broken({ ...packages, 'main/common/settings.ts': use(name) });
    expect(await importing('zod')).toEqual([]);
    expect(await importing('pure-rand')).toEqual(['common-stands-alone']);
    expect(await importing('node:fs')).toEqual(['common-stands-alone']);
  });

  it('keeps Node out of the page', async () => {
    const tree: Tree = { 'renderer/state.ts': "import fs from 'node:fs';\nexport { fs };\n" };
    expect(await broken(tree)).toEqual(['page-without-node']);
  });

  it('finds circles', async () => {
    const tree: Tree = {
      'main/graph/a.ts': "import type { B } from './b.ts';\nexport interface A { b: B }\n",
      'main/graph/b.ts': "import type { A } from './a.ts';\nexport interface B { a: A }\n",
    };
    expect(await broken(tree)).toEqual(['no-circles']);
  });

  it('refuses an import that leads nowhere', async () => {
    const tree: Tree = { 'main/graph/a.ts': "export * from './gone.ts';\n" };
    expect(await broken(tree)).toEqual(['resolvable']);
  });
});

describe('a component', () => {
  it('may not import the types of a room above its own', async () => {
    const lint = async (file: string, specifier: string) => {
      const text = `<script lang="ts">\n  import type { A } from '${specifier}';\n  let { a }: { a: A } = $props();\n</script>\n\n{a}\n`;
      const [result] = (await new ESLint({ cwd: root }).lintText(text, {
        filePath: path.join(root, file),
      })) as Known<ESLint.LintResult>;
      return result.messages.map(({ ruleId }) => ruleId);
    };
    expect(await lint('renderer/runs/Any.svelte', '../search/text.ts')).toEqual([
      'no-restricted-imports',
    ]);
    expect(await lint('renderer/search/Any.svelte', '../runs/text.ts')).toEqual([]);
  }, 60_000);
});

describe('an arrow that goes the right way passes', () => {
  const arrows: readonly (readonly [string, string])[] = [
    ['renderer/state.ts', 'preload/contract.ts'],
    ['renderer/state.ts', 'main/common/zico-bc.ts'],
    ['preload/contract.ts', 'main/common/settings.ts'],
    ['main/graph/graph.ts', 'main/common/settings.ts'],
    ['main/errors.ts', 'main/common/report.ts'],
    ['main/electron/register.ts', 'preload/contract.ts'],
    ['main/electron/main.ts', 'main/workbench.ts'],
    ['main/cli.ts', 'main/workbench.ts'],
    ['main/workbench.ts', 'main/search/search.ts'],
    ['main/search/search.ts', 'main/store/run-file.ts'],
    ['main/search/search.ts', 'main/run/run-store.ts'],
    ['main/run/candidate.ts', 'main/space/space.ts'],
    ['main/run/candidate.ts', 'main/latency/latency.ts'],
    ['main/store/run-file.ts', 'main/run/run-store.ts'],
    ['main/export/report.ts', 'main/run/candidate.ts'],
    ['main/export/report.ts', 'main/analysis/bias.ts'],
    ['main/analysis/bias.ts', 'main/run/ranking.ts'],
    ['main/engine/engine.ts', 'main/task/batches.ts'],
    ['main/latency/host.ts', 'main/engine/session.ts'],
    ['main/phone/phone.ts', 'main/latency/latency.ts'],
    ['main/store/rows.ts', 'main/latency/latency.ts'],
    ['main/graph/weights.ts', 'main/random.ts'],
    ['main/engine/engine.ts', 'main/child/supervisor.ts'],
    ['main/engine/engine.ts', 'main/proxy/zico.ts'],
    ['main/space/space.ts', 'main/graph/graph.ts'],
    ['main/graph/shape.ts', 'main/errors.ts'],
    ['renderer/app/workbench.svelte.ts', 'renderer/search/RunHost.ts'],
    ['renderer/search/RunHost.ts', 'renderer/choosing/text.ts'],
    ['renderer/choosing/text.ts', 'renderer/open-run/pins.svelte.ts'],
    ['renderer/open-run/pins.svelte.ts', 'renderer/ground/bridge.ts'],
  ];
  let rulesOf: Awaited<ReturnType<typeof brokenBy>>;
  beforeAll(async () => {
    rulesOf = await brokenBy(arrows);
  });
  it.each(arrows)('%s may import %s', (from, to) => {
    expect(rulesOf(from, to)).toEqual([]);
  });
});

it('the map of docs/architecture.md has every room', () => {
  const map = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8').split('```')[1]!;
  const drawn = new Set([...map.matchAll(/(?<![\w/-])([a-z-]+)\//g)].map(([, room]) => room!));
  const rooms = ['main', 'renderer'].flatMap((side) =>
    readdirSync(path.join(root, side), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'styles')
      .map(({ name }) => name),
  );
  expect(rooms.length).toBeGreaterThan(35);
  expect(rooms.filter((room) => !drawn.has(room))).toEqual([]);
});

it.each(['docs/architecture.md', 'CONTRIBUTING.md'])('%s names files that exist', (document) => {
  const text = readFileSync(path.join(root, document), 'utf8');
  const named = [...text.matchAll(/`([\w./-]+\.(?:ts|svelte|md|json|hpp|cpp|cjs|css))`/g)]
    .map(([, file]) => file!)
    .filter((file) => !file.startsWith('.') && !/NAME|FAMILY/.test(file));
  const files = globSync('{*,{docs,main,preload,renderer,test}/**}', { cwd: root }).map(
    (file) => `/${file.split(path.sep).join('/')}`,
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((file) => !files.some((one) => one.endsWith(`/${file}`)))).toEqual([]);
});
