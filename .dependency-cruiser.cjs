// The walls of docs/architecture.md. Arrows run one way:
//   renderer -> preload/contract.ts <- main/electron -> main/workbench.ts -> main/search
//     -> store -> run -> latency -> {quantise, tflite} -> engine -> task -> {graph, proxy, child}, with space beside
//     the engine and phone beside run, above latency
// Within the window, renderer/rooms.cjs says which room may import which.
// All of them, on both sides of the bridge, may import main/common, which imports nothing of them.
// test/walls.test.ts proves that each of these rules can fail.

const { rooms } = require('./renderer/rooms.cjs');

const anyPart = '^(main|preload|renderer|test)/';
const folder = (...names) => `^main/(${names.join('|')})/`;

/** What both sides of the bridge know: schemas, names, formulas. */
const common = folder('common');
const errors = '^main/errors\\.ts$';
/** Everything random is a function of named seeds. */
const random = '^main/random\\.ts$';
/** Files right under main/ that everybody may lean on, such as main/errors.ts; not the two that build everything. */
const foundation = '^main/(?!(workbench|cli|zico)\\.ts$)[^/]+\\.ts$';
const floor = folder('graph', 'proxy', 'child');
const middle = folder('space', 'task', 'engine', 'latency', 'phone', 'run', 'store');
/** Work for other computers, and from them. */
const farm = folder('farm');
const search = folder('search');
const outlets = folder('export', 'benchmark', 'score-model', 'measure-model');
/** A network in the forms that runtimes on devices take. */
const deployed = folder('quantise', 'tflite');
/** What can be said about a run without running anything. */
const analysis = folder('analysis');
const workbench = '^main/workbench(\\.ts$|/)';
/** The workbench and all below it. */
const built = [
  ...[workbench, outlets, analysis, search, farm, middle, deployed],
  ...[floor, foundation, common],
];
/** What people ask for, whether in a command or in a program. */
const asked = folder('asked');
/** Loads code of others, for commands and programs alone. */
const spaceCode = folder('space-code');
const library = folder('library');
const commandLine = '^main/(zico\\.ts$|cli(\\.ts$|/))';
const contract = '^preload/contract\\.ts$';
/** Files matching `from` may import, of this project, only what matches one of `allowed`. */
function wall(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from },
    to: { path: anyPart, pathNot: allowed },
  };
}

/** One wall a room of the window. */
const windowWalls = Object.entries(rooms).map(([room, below]) => ({
  name: `window-${room}-looks-down`,
  comment: 'A room of the window imports the rooms below it alone (renderer/rooms.cjs).',
  severity: 'error',
  from: { path: `^renderer/${room}/` },
  to: { path: '^renderer/', pathNot: `^renderer/(${[room, ...below].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    wall(
      'renderer-sees-the-contract-only',
      '^renderer/',
      ['^renderer/', contract, common],
      'The window knows the main side through preload/contract.ts, and shares main/common with it.',
    ),
    {
      name: 'common-stands-alone',
      comment: 'What both sides of the bridge know brings nothing along but the schema library.',
      severity: 'error',
      from: { path: common },
      to: { pathNot: [common, '(^|node_modules/)zod(/|$)'] },
    },
    wall(
      'preload-stands-alone',
      '^preload/',
      ['^preload/', common],
      'The preload runs in the sandbox and belongs to neither side.',
    ),
    wall(
      'graph-stands-alone',
      folder('graph'),
      [folder('graph'), errors, common, random],
      'A network as data is pure and usable anywhere.',
    ),
    wall(
      'proxy-stands-alone',
      folder('proxy'),
      [folder('proxy'), errors, common],
      'The formulas are pure and usable anywhere.',
    ),
    wall(
      'child-stands-alone',
      folder('child'),
      [folder('child'), errors],
      'Supervising child processes knows nothing of what the children do.',
    ),
    wall(
      'foundation-stands-alone',
      foundation,
      [foundation, common],
      'What everybody leans on leans on nobody.',
    ),
    wall(
      'task-looks-down',
      folder('task'),
      [folder('task'), floor, foundation, common],
      'Data know nothing of who computes with them.',
    ),
    wall(
      'space-looks-down',
      folder('space'),
      [folder('space', 'task'), floor, foundation, common],
      'A space makes networks; what becomes of them it does not know.',
    ),
    wall(
      'engine-looks-down',
      folder('engine'),
      [folder('engine', 'task'), floor, foundation, common],
      'An engine computes on batches, whatever space the network is of.',
    ),
    wall(
      'deployed-looks-down',
      deployed,
      [deployed, folder('engine', 'task'), floor, foundation, common],
      'A file for a device is made of a network and of images, whoever wants it.',
    ),
    wall(
      'latency-looks-down',
      folder('latency'),
      [folder('latency', 'engine'), deployed, floor, foundation, common],
      'What a latency is, and that of this computer, knows nothing of phones.',
    ),
    wall(
      'phone-looks-down',
      folder('phone'),
      [folder('phone', 'latency'), deployed, floor, foundation, common],
      'A phone runs a model that it is given: no engine, no space, no data.',
    ),
    wall(
      'run-looks-down',
      folder('run'),
      [folder('run', 'space', 'engine', 'latency'), floor, foundation, common],
      'What a run is made of knows neither who searches nor where it is kept.',
    ),
    wall(
      'store-looks-down',
      folder('store'),
      [folder('store', 'run', 'space', 'engine', 'latency'), floor, foundation, common],
      'A run file keeps what others made; it neither makes nor measures anything.',
    ),
    wall(
      'search-looks-down',
      search,
      [search, middle, floor, foundation, common],
      'The search knows nothing of the workbench, its windows or its command line.',
    ),
    wall(
      'farm-looks-down',
      farm,
      [farm, folder('run', 'space', 'engine', 'latency', 'task'), floor, foundation, common],
      'A farm passes work on; it knows neither who searches nor what computes.',
    ),
    wall(
      'outlets-look-down',
      outlets,
      [outlets, analysis, middle, deployed, floor, foundation, common],
      'Exports and benchmarks read what a search made; they do not run one.',
    ),
    wall(
      'analysis-is-pure',
      analysis,
      [analysis, folder('run', 'space'), floor, errors, common],
      'An analysis is a function of what a run stored: no files, no engine.',
    ),
    wall(
      'workbench-looks-down',
      workbench,
      built,
      'The workbench works without a window and without a command line.',
    ),
    wall(
      'command-line-without-window',
      commandLine,
      [commandLine, asked, spaceCode, ...built],
      'zico runs in plain Node, where main/electron cannot.',
    ),
    wall(
      'asked-looks-down',
      asked,
      [asked, spaceCode, ...built],
      'What command line and library share knows neither of them.',
    ),
    wall(
      'library-beside-command-line',
      library,
      [library, asked, spaceCode, ...built],
      'A program that imports the library gets neither the command line nor Electron.',
    ),
    wall(
      'space-code-looks-down',
      spaceCode,
      [spaceCode, folder('space', 'task'), floor, foundation, common],
      'Code of others makes networks, as a description does; nothing below a command asks for it.',
    ),
    wall(
      'window-beside-command-line',
      folder('electron'),
      [folder('electron'), contract, ...built],
      'The window uses the workbench, never the command line.',
    ),
    ...windowWalls,
    {
      name: 'every-room-has-walls',
      comment: 'A new folder of the window gets its place in renderer/rooms.cjs first.',
      severity: 'error',
      from: { path: `^renderer/(?!(${Object.keys(rooms).join('|')}|styles)/)[^/]+/` },
      to: {},
    },
    {
      name: 'electron-at-home',
      comment: 'Processes, dialogs and power state reach the rest of main/ as small interfaces.',
      severity: 'error',
      from: { path: anyPart, pathNot: '^(main/electron|preload|test)/' },
      to: { path: '(^|node_modules/)electron(/|$)', pathNot: '^main/' },
    },
    {
      name: 'pictures-decoded-in-the-child',
      comment:
        'Native code that stumbles over a picture must not take the window with it (decision 6).',
      severity: 'error',
      from: { path: '^main/(workbench|cli|electron/main)\\.ts$' },
      to: { path: '^main/task/pictures/decode\\.ts$', reachable: true },
    },
    {
      name: 'decoder-in-one-place',
      comment: 'What decodes pictures can be looked at, and replaced, in one file.',
      severity: 'error',
      from: { path: anyPart, pathNot: '^(main/task/pictures/decode\\.ts$|test/)' },
      to: { path: '(^|node_modules/)@napi-rs/image(/|$)' },
    },
    {
      name: 'queue-in-one-room',
      comment: 'What speaks to Redis can be looked at, and replaced, in one folder.',
      severity: 'error',
      from: { path: anyPart, pathNot: '^(main/farm|test)/' },
      to: { path: '(^|node_modules/)(bullmq|ioredis)(/|$)' },
    },
    {
      name: 'page-without-node',
      comment: 'Window and preload run sandboxed: there is no Node to import.',
      severity: 'error',
      from: { path: '^(renderer|preload)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'every-part-has-walls',
      comment: 'A new folder under main/ gets its place among the rules above first.',
      severity: 'error',
      from: {
        path: '^main/',
        pathNot: [folder('electron'), commandLine, library, asked, spaceCode, ...built],
      },
      to: { path: anyPart },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or hide a third. Types count as well.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be followed would slip past every wall.',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/' },
      to: { couldNotResolve: true, pathNot: ['\\?(raw|url|worker|inline)$', '^svelte/internal'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^main/assets/' },
    tsPreCompilationDeps: true, // a type-only import goes through a wall as well
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'types', 'node', 'default', 'require'],
    },
  },
};
