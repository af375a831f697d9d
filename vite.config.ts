// Builds the three sides of the application (`vite build --app`) and configures the tests.
import { chmodSync, cpSync, existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { EnvironmentOptions, Plugin, UserConfig } from 'vite';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { quietEnvironment } from './main/child/process.ts';
import { writeCompletions } from './test/runtime/completions.ts';
import { writeDeclarations } from './test/runtime/declarations.ts';
import { notePackages, writeNotices } from './test/runtime/third-party/plugin.ts';

const here = import.meta.dirname;
const at = (...parts: string[]): string => path.join(here, ...parts);

/** The oldest Node among those that run the main side: plain Node 20.18 and the Electron of the tests. */
const nodeTarget = 'node20.18';

/** Native or runtime-provided: these stay outside and are loaded from node_modules at run time. */
const loaded = ['onnxruntime-node', 'libsql', 'pidusage', '@napi-rs/image', 'koffi'];
const external = ['electron', /^node:/, ...loaded];

/** There is no svelte.config.js to look for. */
/**
 * The window's content policy lets no inline style in: components of others that bring one get the class that says
 * the same (renderer/styles/base.css).
 */
const withoutInlineStyle = {
  name: 'without-inline-style',
  markup: ({ content }: { content: string }) => ({
    code: content.replaceAll('style="display: contents;"', 'class="contents"'),
  }),
};
const svelteOptions = { configFile: false as const, preprocess: [withoutInlineStyle] };

/** Entry name -> source. Every entry lands flat in dist/main, next to the chunks it shares. */
const mainEntries = existing({
  electron: at('main/electron/main.ts'),
  zico: at('main/zico.ts'),
  cli: at('main/cli.ts'),
  library: at('main/library/index.ts'),
  'engine-child': at('main/engine/child.ts'),
  'latency-child': at('main/latency/child.ts'),
  'data-child': at('main/task/child.ts'),
  'shown-images-child': at('main/task/shown/child.ts'),
  'preview-child': at('main/space/preview-child.ts'),
  'adb-child': at('main/phone/adb/child.ts'),
  'guide-child': at('main/workbench/guide-child.ts'),
  'space-code-worker': at('main/space-code/worker.ts'),
  'judge-child': at('main/workbench/judge-child.ts'),
  'export-child': at('main/export/child.ts'),
  'convert-child': at('main/export/convert/child.ts'),
  'reading-child': at('main/electron/reading/child.ts'),
});
const preloadEntries = existing({ preload: at('preload/preload.ts') });
const rendererEntries = existing({ index: at('renderer/index.html') });

function existing(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));
}

/** How long plugins take interests whoever makes the build faster, not whoever installs. */
const quietChecks = { pluginTimings: false };

const renderer: EnvironmentOptions = {
  build: {
    outDir: at('dist/renderer'),
    emptyOutDir: true,
    target: 'chrome130', // the Chromium of the oldest runtime in use, Electron 33
    chunkSizeWarningLimit: 4000, // kB; the page comes from the disk, not over a network
    rolldownOptions: { input: rendererEntries, checks: quietChecks },
  },
};

const main: EnvironmentOptions = {
  consumer: 'server',
  resolve: { noExternal: true },
  build: {
    outDir: at('dist/main'),
    emptyOutDir: true,
    target: nodeTarget,
    minify: false, // a stack trace in a bug report should be readable
    sourcemap: true,
    rolldownOptions: {
      input: mainEntries,
      external,
      checks: quietChecks,
      platform: 'node',
      // Chunks lie beside the entries, so that new URL('./engine-child.js', import.meta.url)
      // finds its neighbour from whichever file the bundler put that line into.
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
};

const preload: EnvironmentOptions = {
  consumer: 'server',
  resolve: { noExternal: true },
  build: {
    outDir: at('dist/preload'),
    emptyOutDir: true,
    target: nodeTarget,
    minify: false,
    rolldownOptions: {
      input: preloadEntries,
      external: ['electron'],
      checks: quietChecks,
      // A sandboxed preload is one CommonJS file: it can neither import nor require its neighbours.
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
};

/** Puts main/assets (data files, C sources, runners) beside the bundle, as dist/main/assets, and the icon. */
function copyAssets(): Plugin {
  return {
    name: 'zico:copy-assets',
    apply: 'build',
    applyToEnvironment: (environment) => environment.name === 'main',
    writeBundle() {
      if (existsSync(at('main/assets'))) {
        cpSync(at('main/assets'), at('dist/main/assets'), { recursive: true });
      }
      cpSync(at('main/electron/resources/icon.png'), at('dist/main/icon.png'));
    },
  };
}

/** npm makes a command executable when it installs; a later build writes a new file. */
function executableCommand(): Plugin {
  return {
    name: 'zico:executable-command',
    apply: 'build',
    applyToEnvironment: (environment) => environment.name === 'main',
    writeBundle() {
      for (const command of ['zico', 'cli']) {
        const file = at(`dist/main/${command}.js`);
        if (existsSync(file)) chmodSync(file, 0o755);
      }
    },
  };
}

const app: UserConfig = {
  root: at('renderer'),
  base: './',
  plugins: [svelte(svelteOptions), copyAssets(), executableCommand(), notePackages(here)],
  environments: { client: renderer, main, preload },
  builder: {
    async buildApp(builder) {
      const sides = [
        { name: 'main', entries: mainEntries },
        { name: 'preload', entries: preloadEntries },
        { name: 'client', entries: rendererEntries },
      ];
      for (const { name, entries } of sides) {
        const environment = builder.environments[name];
        if (!environment || Object.keys(entries).length === 0) {
          builder.config.logger.warn(`${name}: skipped, none of its entries exists`);
        } else {
          await builder.build(environment);
        }
      }
      writeDeclarations(here);
      writeCompletions(here);
      writeNotices(
        here,
        sides.map(({ name }) => name),
        loaded,
      );
    },
  },
};

/** *.long.test.ts run with `npm run test:long` only: minutes, not seconds. */
const long = process.env['ZICO_LONG_TESTS'] === '1';
const kind = (suffix: string): string => (long ? `*.long.${suffix}` : `!(*.long).${suffix}`);
const testFiles = kind('test.ts');

/** Globs of what this computer cannot run (test/runner/parts.ts). */
const leftOut = JSON.parse(process.env['ZICO_TESTS_LEFT_OUT'] ?? '[]') as string[];

type ProjectTests = NonNullable<TestProjectInlineConfiguration['test']>;

function project(name: string, test: ProjectTests, extra: UserConfig = {}) {
  return {
    ...extra,
    extends: false, // the tests run the sources; the three builds above are none of their business
    root: here,
    test: {
      name,
      environment: 'node',
      // Those that measure times one after the other (test/runner/timed-tests.ts); of the others as many files at a time
      // as there are processors: much of a test is waiting for a child. Said for each project, since none takes it from
      // the root.
      maxWorkers: process.env['ZICO_TESTS_ALONE'] === '1' ? 1 : availableParallelism(),
      hookTimeout: patience,
      // What is waited for comes at once, but not while others have the processors.
      expect: { poll: { timeout: pollPatience } },
      setupFiles: ['test/support/patience.ts'],
      provide: { pollPatience },
      ...test,
      // What tests load into their own process is as quiet as a child.
      env: { ...quietEnvironment, ...test.env },
      exclude: [...(test.exclude ?? []), ...leftOut],
    },
  } satisfies TestProjectInlineConfiguration;
}

/**
 * Node keeps what it makes of the sources: each of the hundreds of children that tests start then has half as much to
 * do before its first line runs.
 */
const keptSources = { NODE_COMPILE_CACHE: path.join(here, 'node_modules/.cache/node') };

/**
 * Of one test, in milliseconds, and of what is waited for within one: only what hangs reaches them, on a slow computer
 * with other work as well.
 */
const patience = 60_000;
const pollPatience = 20_000;

/** Windows and devices: one file at a time, since they share a display or an adb server. */
const oneAtATime: ProjectTests = {
  fileParallelism: false,
  testTimeout: 2 * patience,
};

const projects = {
  node: project('node', {
    include: [`test/**/${testFiles}`],
    exclude: ['test/renderer/**', 'test/e2e/**', 'test/phone/**'],
    env: keptSources,
    testTimeout: long ? 600_000 : patience,
  }),
  renderer: project(
    'renderer',
    // One document for all files of a worker: a new jsdom for each took a third of the time. Every test
    // takes down what it mounts, so nothing is handed on.
    {
      environment: 'jsdom',
      include: [`test/renderer/**/${testFiles}`],
      isolate: false,
      testTimeout: patience,
    },
    { plugins: [svelte(svelteOptions), svelteTesting()] },
  ),
  /** The built product in the real Electron; needs a display, so it is asked for by name. */
  e2e: project('e2e', { include: [`test/e2e/**/${kind('e2e.ts')}`], ...oneAtATime }),
  /** The emulated phone behind a real adb server; asked for by name as well. */
  phone: project('phone', {
    include: [`test/phone/**/${testFiles}`],
    globalSetup: 'test/phone/setup.ts',
    env: keptSources,
    ...oneAtATime,
  }),
};

type ProjectName = keyof typeof projects;
const asked = process.env['ZICO_TEST_PROJECTS'] ?? 'node,renderer';
const chosen = (Object.keys(projects) as ProjectName[]).filter((name) =>
  asked.split(',').includes(name),
);

export default defineConfig({
  ...app,
  test: {
    root: here,
    projects: chosen.map((name) => projects[name]),
    passWithNoTests: false,
  },
});
