/**
 * The package as somebody gets it: packed, installed into an empty folder by the line of docs/library.md as it
 * stands, and the first program of that document run with it. Needs dist (npx vite build --app) and npm's registry.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { childEntries } from '../../../main/child-entries.ts';

const root = path.join(import.meta.dirname, '../../..');
const text = await readFile(path.join(root, 'docs/library.md'), 'utf8');
const [, installLine] = /```sh\n(.+)\n```/.exec(text)!;
const [, program] = /```js\n([^]*?)```/.exec(text)!;
const inCode = await readFile(path.join(root, 'docs/spaces-in-code.md'), 'utf8');
const [, attention] = /```js\n([^]*?)```/.exec(inCode)!;
/** The commands of that document, as they stand. */
const [, commands] = /```sh\n([^]*?)```/.exec(inCode)!;
const foreign = path.join(root, 'test/golden/foreign/resnet/opset13-train-open.onnx');

/** Major versions of Node, and of the npm that installs. */
const platforms = [
  { node: 20, npm: 10 },
  { node: 24, npm: 11 },
] as const;

/** A space of somebody's own in TypeScript, with the name that it has for whoever installed the package. */
const ghosts = (
  await readFile(path.join(root, 'test/support/spaces-in-code/ghosts.ts'), 'utf8')
).replace("'../../../main/library/index.ts'", "'zico-workbench'");

type Environment = Readonly<Record<string, string | undefined>>;

/** Without what npm and the tests tell the programs that they start. */
const outside: Environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VITEST|NODE_(ENV|OPTIONS|PATH)$)/.test(name),
  ),
);

let folder: string;
let packed: { readonly file: string; readonly files: readonly string[] };
const searchPaths = new Map<number, string>();

async function run(command: string, cwd: string, env: Environment = process.env) {
  const { stdout } = await promisify(execFile)('sh', ['-c', command], {
    cwd,
    env: { ...env, npm_config_prefer_offline: 'true' },
    maxBuffer: 2 ** 24,
  });
  return stdout;
}

/** What library and command are made of: themselves, what they import, the processes and threads that they start. */
async function reachable(): Promise<string[]> {
  const starts = [
    'library',
    'zico',
    'space-code-worker',
    'guide-child',
    ...Object.keys(childEntries),
  ];
  const found = new Set(
    starts.map((name) => (name in childEntries ? `${name}-child.js` : `${name}.js`)),
  );
  for (const file of found) {
    const text = await readFile(path.join(root, 'dist/main', file), 'utf8');
    const imported = text.matchAll(/\b(?:from|import)\s*\(?\s*"\.\/([^"]+-[^"]{8}\.js|cli\.js)"/g);
    for (const [, name] of imported) found.add(name!);
  }
  return [...found].map((name) => `dist/main/${name}`);
}

/** The error with which a command ends. */
async function refusal(command: string, cwd: string, env: Environment) {
  const { stdout } = (await run(`${command} --json </dev/null`, cwd, env).then(
    () => Promise.reject(new Error(`${command} went well`)),
    (error: unknown) => error,
  )) as { readonly stdout: string };
  return (JSON.parse(stdout) as { error: { code: string; message: string } }).error;
}

/** A search path on which `node` and `npm` have these versions, without those of this project. */
async function searchPathOf({ node, npm }: (typeof platforms)[number]): Promise<string> {
  const tools = path.join(folder, `tools-${node}`);
  await mkdir(tools);
  await writeFile(path.join(tools, 'package.json'), '{"allowScripts":{"node":true}}');
  await run(`npm install --silent node@${node} npm@${npm}`, tools);
  return `${path.join(tools, 'node_modules/.bin')}${path.delimiter}/usr/bin${path.delimiter}/bin`;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-packed-'));
  await stat(path.join(root, 'dist/main/library.js'));
  const listed = await run(`npm pack --ignore-scripts --json --pack-destination ${folder}`, root);
  const [made] = JSON.parse(listed) as { filename: string; files: { path: string }[] }[];
  packed = { file: path.join(folder, made!.filename), files: made!.files.map((one) => one.path) };
  for (const one of platforms) searchPaths.set(one.node, await searchPathOf(one));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }), 120_000);

describe('the package', () => {
  it('is called as the document says', () => {
    expect(path.basename(packed.file)).toBe(`zico-workbench-${manifest.version}.tgz`);
    expect(installLine).toContain(`./zico-workbench-${manifest.version}.tgz`);
  });

  // npm packs the main file, which starts the window of a checkout, whatever the list says.
  it('holds what is needed and no more, and nothing of the window', async () => {
    const { files } = packed;
    for (const needed of [
      'dist/main/library.js',
      'dist/main/zico.js',
      'dist/main/engine-child.js',
      'dist/main/space-code-worker.js',
      'dist/types/main/library/index.d.ts',
      'dist/main/assets/schemas/search-configuration-1.json',
      'dist/THIRD_PARTY_NOTICES.txt',
    ]) {
      expect(files).toContain(needed);
    }
    const odd = files.filter((one) => /^dist\/(renderer|preload)|\.map$|^(main|test)\//.test(one));
    expect(odd).toEqual([]);
    const needed = await reachable();
    expect(needed.filter((one) => !files.includes(one))).toEqual([]);
    const scripts = files.filter((one) => one.startsWith('dist/main/') && one.endsWith('.js'));
    expect(scripts.filter((one) => !needed.includes(one))).toEqual(['dist/main/electron.js']);
  });

  it('asks for fifteen lines at most', () => {
    expect(program!.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(
      15,
    );
  });

  it.each(platforms)(
    'scores, searches, goes on and exports with Node $node, installed by npm $npm',
    async ({ node, npm }) => {
      const PATH = searchPaths.get(node)!;
      const env: Environment = { ...outside, PATH };
      const home = path.join(folder, `program-${node}`);
      await mkdir(home);
      await copyFile(packed.file, path.join(home, path.basename(packed.file)));
      expect(await run('node --version', home, env)).toMatch(new RegExp(`^v${node}\\.`));
      expect(await run('npm --version', home, env)).toMatch(new RegExp(`^${npm}\\.`));
      await run(installLine!, home, env);
      await copyFile(foreign, path.join(home, 'model.onnx'));
      await writeFile(path.join(home, 'program.mjs'), program!);
      const said = await run('node program.mjs', home, env);
      console.log(`Node ${node}, npm ${npm}: ${said}`);
      expect(said).toMatch(
        /^ZiCo-BC -?[\d.]+, computed by (onednn|onnxruntime) .+\n40 candidates, /,
      );
      const rows = (await readFile(path.join(home, 'candidates.csv'), 'utf8'))
        .trimEnd()
        .split('\n');
      expect(rows.length).toBeGreaterThanOrEqual(61);
      expect((await stat(path.join(home, 'chosen/model.onnx'))).size).toBeGreaterThan(1000);
      const zico = 'node_modules/.bin/zico';
      expect(await run(`${zico} --version`, home, env)).toBe(`${manifest.version}\n`);
      expect(await run(`${zico} completion fish`, home, env)).toContain('complete -c zico');
    },
    600_000,
  );

  it.each(platforms)(
    'searches spaces in code with Node $node, as the document says',
    async ({ node }) => {
      const env: Environment = { ...outside, PATH: searchPaths.get(node)! };
      const home = path.join(folder, `program-${node}`);
      await writeFile(path.join(home, 'attention.js'), attention!);
      for (const line of commands!.trim().split('\n')) {
        const said = await run(`${line} </dev/null`, home, env);
        if (line.includes('--resume')) expect(said).toMatch(/60 candidates/);
      }
      const listed = await run('npx zico candidates attention.zico --json', home, env);
      type Row = { readonly id: number | null; readonly status: string };
      const { candidates } = JSON.parse(listed) as { readonly candidates: readonly Row[] };
      // Beside the candidates stand those that were scored to confirm the front.
      expect(candidates.filter(({ id }) => id !== null)).toHaveLength(60);
      expect(candidates.every(({ status }) => status === 'evaluated')).toBe(true);
      // Without the file, what was found is all there, and only going on is not.
      await rm(path.join(home, 'attention.js'));
      await run('npx zico export --run attention.zico --candidate 1 --out attention', home, env);
      expect((await stat(path.join(home, 'attention/model.onnx'))).size).toBeGreaterThan(1000);
      const refused = await refusal('npx zico search --run attention.zico --resume', home, env);
      expect(refused).toMatchObject({ code: 'space-code-needed' });
    },
    600_000,
  );

  it.each(platforms)(
    'takes one in TypeScript where Node $node reads it, and says so where it does not',
    async ({ node }) => {
      const env: Environment = { ...outside, PATH: searchPaths.get(node)! };
      const home = path.join(folder, `program-${node}`);
      await writeFile(path.join(home, 'mine.ts'), ghosts);
      const few = '--search nsga2 --population 4 --candidates 8 --latency macs --run mine.zico';
      const command = `npx zico search --space ./mine.ts ${few}`;
      const program = `import { search } from 'zico-workbench';
const found = await search({ space: './mine.ts', search: 'nsga2', population: 4, candidates: 4, latency: 'macs', run: 'typed.zico' }).catch((error) => error);
console.log(found.status ?? found.code, found.message ?? '');`;
      await writeFile(path.join(home, 'typed.mjs'), program);
      if (node < 22) {
        const refused = await refusal(command, home, env);
        expect(refused.code).toBe('typescript-not-read');
        expect(refused.message).toMatch(
          /^Node 20\.\S+ does not read TypeScript, and mine\.ts is\./,
        );
        expect(await run('node typed.mjs', home, env)).toContain('typescript-not-read Node 20.');
        return;
      }
      const found = JSON.parse(await run(`${command} --json`, home, env)) as { evaluated: number };
      expect(found.evaluated).toBe(8);
      expect(await run('node typed.mjs', home, env)).toBe('finished \n');
    },
    600_000,
  );

  it('tells a compiler its types', async () => {
    const home = path.join(folder, 'program-24');
    const checked = `import { score, search, openRun, WorkbenchError, type Progress } from 'zico-workbench';
const found = await search({ candidates: 4, phone: { core: 'mid' }, onProgress: (p: Progress) => void p.kind });
const macs: number = found.front[0]!.macs;
const rows: readonly (number | null)[] = (await openRun('a.zico')).front().map(({ score: s }) => s);
// @ts-expect-error a mistyped key
await search({ candidtes: 4 });
const name: string = (await score('model.onnx', { batches: 2 })).engine.name;
console.log(macs, rows, name, new WorkbenchError('a', 'b', 'c').hint);
`;
    await writeFile(path.join(home, 'checked.mts'), checked);
    await writeFile(path.join(home, 'mine.mts'), ghosts);
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const strict = '--noEmit --strict --skipLibCheck false --target es2023 --module nodenext';
    const types = `--typeRoots ${path.join(root, 'node_modules/@types')} --types node`;
    const said = await run(
      `node ${compiler} ${strict} ${types} checked.mts mine.mts || true`,
      home,
    );
    // onnx-proto's own declarations name a type that they do not import.
    const faults = said.split('\n').filter((line) => /error TS/.test(line));
    expect(faults.filter((line) => !line.includes('onnx-proto/dist/onnx.d.ts'))).toEqual([]);
  }, 300_000);
});
