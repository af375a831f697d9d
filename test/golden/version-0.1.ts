/**
 * What version 0.1 said and stored, and how to ask this version the same: commands with their JSON, and the
 * rows of run files. What measures time or names the program, a run or a folder is left out on both sides.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import onnxProto from 'onnx-proto';
import { predictors } from '../../main/common/predictors.ts';
import { unnamedInstructions } from '../../main/engine/scoring-plan.ts';
import { instructionsHere } from '../../main/engine/instructions.ts';

export const recorded = path.join(import.meta.dirname, 'version-0.1');
const foreign = path.join(import.meta.dirname, 'foreign');

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
}
/** Runs one command line of the product. */
export type Zico = (args: readonly string[]) => Promise<Answer>;

export type EngineName = 'onnxruntime' | 'onednn';

export interface RecordedRun {
  readonly name: string;
  readonly engine: EngineName;
  /** Candidates after which the process was killed, at least. */
  readonly killedAfter: number;
  /** What began it; file names are those of the folder of records. */
  readonly search: readonly string[];
}

const alone = ['--threads', '1', '--workers', '1'];
const inRecords = (file: string) => path.join(recorded, file);
const words = (text: string) => text.split(' ');

export const recordedRuns: readonly RecordedRun[] = [
  {
    name: 'estimate',
    engine: 'onnxruntime',
    killedAfter: 8,
    search: words(
      '--latency predicted-s10-gpu --population 6 --candidates 20 --batch-size 4 --batches 2 --seed 5 ' +
        '--max-parameters 500k --max-latency 5 --term-cap 100',
    ),
  },
  {
    name: 'segmentation',
    engine: 'onnxruntime',
    killedAfter: 5,
    search: [
      '--space',
      inRecords('small-segmentation.json'),
      ...words(
        '--latency macs --population 4 --candidates 12 --batch-size 2 --seed 3 --max-macs 440M ' +
          '--weights kaiming-normal-fan-out',
      ),
    ],
  },
  {
    name: 'native',
    engine: 'onednn',
    killedAfter: 6,
    search: [
      '--space',
      inRecords('small-mbconv.json'),
      ...words(
        '--latency macs --population 4 --candidates 16 --batch-size 4 --batches 3 --seed 9 --beta 2',
      ),
    ],
  },
];

/** What these left out was then what this version calls custom. */
const asThen = ['--preset', 'custom'];

export const searchArguments = ({ engine, search }: RecordedRun, file: string): string[] => [
  ...['search', ...search, '--engine', engine, ...alone, '--run', file, '--json'],
  ...asThen,
];
export const resumeArguments = (file: string): string[] => [
  ...['search', '--run', file, '--resume', ...alone, '--json'],
];

export interface RecordedCommand {
  readonly name: string;
  /** Whose bits decide the answer. */
  readonly engine?: EngineName;
  readonly args: readonly string[];
  /** A folder that it writes an export into. */
  readonly exports?: string;
}

const score = (engine: EngineName, ...args: string[]) => [
  ...['score', ...args, '--engine', engine, '--threads', '1', ...asThen],
];
const onFile = (network: string, model: string, batch: number) => [
  path.join(foreign, network, model),
  ...['--inputs', path.join(foreign, network, 'inputs.npy')],
  ...['--targets', path.join(foreign, network, 'targets.npy'), '--batch-size', String(batch)],
];

/**
 * In their order: the later ones use what the earlier ones wrote.
 * @param folder where they write
 * @param runs folder with the finished runs NAME.zico
 */
export function recordedCommands(folder: string, runs: string): readonly RecordedCommand[] {
  const out = (file: string) => path.join(folder, file);
  const run = (name: string) => path.join(runs, `${name}.zico`);
  /** Spaces that have other networks by now, as that version described them. */
  const former = (name: string) => inRecords(`${name}.json`);
  const mbconv = inRecords('small-mbconv.json');
  const segmentation = inRecords('small-segmentation.json');
  const efficientnet =
    '3:1/3:16:regular:1/3:32:regular:1/3:48:g32:1/5:64:regular:1/3:96:g32:2/3:160:g32:1';
  return [
    { name: 'spaces', args: ['spaces'] },
    { name: 'spaces-check', args: ['spaces', 'check', mbconv] },
    { name: 'spaces-check-refused', args: ['spaces', 'check', inRecords('refused.json')] },
    { name: 'sample', args: words('sample nats-sss --count 12 --seed 1') },
    {
      name: 'sample-limited',
      args: ['sample', former('efficientnet'), ...words('--count 6 --seed 2 --max-macs 600M')],
    },
    { name: 'sample-ffnet', args: ['sample', former('ffnet'), ...words('--count 4 --seed 4')] },
    {
      name: 'sample-detection',
      args: ['sample', former('efficientdet-d0'), ...words('--count 4 --seed 4')],
    },
    { name: 'sample-macro', args: words('sample segmentation-macro --count 4 --seed 4') },
    { name: 'sample-own', args: ['sample', segmentation, '--count', '9', '--max-macs', '430M'] },
    { name: 'build', args: ['build', 'nats-sss', '16:24:8:32:40', '--out', out('model.onnx')] },
    { name: 'build-own', args: ['build', segmentation, '24:2/32:g8:1/5:32:2/48:1'] },
    { name: 'build-efficientnet', args: ['build', former('efficientnet'), efficientnet] },
    { name: 'data-kinds', args: ['data', 'kinds'] },
    { name: 'data-inspect', args: ['data', 'inspect'] },
    {
      name: 'measure-estimate',
      args: ['measure', out('model.onnx'), '--latency', 'predicted-s10-gpu'],
    },
    {
      name: 'score-file',
      engine: 'onnxruntime',
      args: score('onnxruntime', out('model.onnx'), '--batch-size', '4'),
    },
    {
      name: 'score-network',
      engine: 'onnxruntime',
      args: score(
        'onnxruntime',
        ...words('--space nats-sss 48:8:24:16:64 --seed 7 --batch-size 6 --batches 3'),
      ),
    },
    {
      name: 'score-transformer',
      engine: 'onnxruntime',
      args: score('onnxruntime', ...onFile('vit', 'opset15-train-open.onnx', 4)),
    },
    {
      name: 'score-shufflenet-fresh',
      engine: 'onnxruntime',
      args: [
        ...score('onnxruntime', ...onFile('shufflenet', 'opset10-train-open.onnx', 4)),
        ...words('--weights kaiming --seed 3'),
      ],
    },
    {
      name: 'score-native',
      engine: 'onednn',
      args: score('onednn', '--space', mbconv, '3:24:2:4/32:g8:2/48:1', '--batch-size', '4'),
    },
    {
      name: 'benchmark',
      engine: 'onnxruntime',
      args: words(
        'benchmark nats-sss --count 6 --batch-size 8 --engine onnxruntime --threads 1 --workers 1 --preset custom',
      ),
    },
    { name: 'analyse-estimate', engine: 'onnxruntime', args: ['analyse', run('estimate')] },
    {
      name: 'analyse-segmentation',
      engine: 'onnxruntime',
      args: ['analyse', run('segmentation'), '--beta', '1'],
    },
    {
      name: 'export-estimate',
      engine: 'onnxruntime',
      args: ['export', '--run', run('estimate'), '--candidate', '9', '--out', out('estimate')],
      exports: out('estimate'),
    },
    {
      name: 'export-segmentation',
      engine: 'onnxruntime',
      args: ['export', '--run', run('segmentation'), '--candidate', '2', '--out', out('seg')],
      exports: out('seg'),
    },
    {
      name: 'export-unknown',
      engine: 'onnxruntime',
      args: ['export', '--run', run('estimate'), '--candidate', '99', '--out', out('none')],
    },
    { name: 'bad-arguments', args: words('search --population many') },
    { name: 'bad-genotype', args: words('build nats-sss 1:2:3:4:5') },
    { name: 'no-run', args: ['search', '--resume', '--run', out('none.zico')] },
  ];
}

/** What a clock or chance decides, the version of the program, and sentences, whose words may improve. */
const mayDiffer = new Set([
  ...['seconds', 'elapsedSeconds', 'scoringSeconds', 'createdAt', 'productVersion', 'runId'],
  ...['message', 'hint'],
  // Of a model, which names the version; what it holds besides is compared with the folder of an export.
  'sha256',
  // How many rows of a file are older than digests.
  'withoutDigest',
]);

const isInstructionsHere = (value: unknown) => value === instructionsHere();
const isNothing = (value: unknown) => Array.isArray(value) && value.length === 0;
const number = (value: unknown) => value === null || typeof value === 'number';

/**
 * Keys of JSON and columns that came after 0.1, each with a test of the values that mean what 0.1 did.
 * Whatever has such a value is not held against the records; any other difference is one. Keys of settings
 * stand here as `settings.NAME`, those of a list's entries as `LIST.NAME`.
 */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const judgedBefore: readonly string[] = [
  ...['zico', 'zicoBc', 'zicoCapped', 'zicoBcCapped', 'parameters', 'macs'],
];

export const addedSince: Readonly<Record<string, (value: unknown) => boolean>> = {
  'settings.search': (value) => value === 'nsga2',
  'settings.inFlight': (value) => value === null,
  // Runs of 0.1 have no second opinion; one that begins now has NEAR's.
  'settings.score': (value) => value === 'zico-bc',
  'front.score': number,
  'settings.proxies': (value) => value === 'none' || value === 'near',
  'candidate.facts': (value) => value === null || typeof value === 'string',
  ...Object.fromEntries(
    ['layers', 'liveLayers', 'lnChannels', 'minusBias', 'near'].map((key) => [
      `front.${key}`,
      (value: unknown) => value === null || typeof value === 'number',
    ]),
  ),
  'front.secondOpinion': (value) => value === null || isObject(value),
  'scores.facts': (value) => value === null || isObject(value),
  'scores.secondOpinion': (value) => value === null,
  // What a run keeps of networks that code of a person's own proposes.
  'candidate.genes': (value) => value === null,
  'candidate_detail.network': (value) => value === null,
  'json.unusable': number,
  'json.draws': (value) => value === 1,
  'settings.takenOver': (value) => value === 0,
  'settings.guidedRevision': (value) => value === 1 || value === 2 || value === 3,
  'settings.settledPercent': (value) => value === null,
  // Of no matter to a run that measures nothing; 0.1 took three repeats on phones, and one on this computer.
  // Neighbours on a front whose latencies differ by less than their errors.
  'json.indistinct': number,
  latencyBounds: (value) => value === null || isObject(value),
  latencyIndistinctFrom: Array.isArray,
  'settings.intervalPercent': (value) => value === null || value === 5,
  'settings.repeats': (value) => value === 3 || value === 12,
  'settings.latencyPrecision': (value) => value === 'float32',
  'settings.hostRunner': (value) => value === 'onnxruntime-cpu',
  'settings.preset': (value) => value === 'custom',
  'json.preset': (value) => value === 'custom',
  'json.facts': isObject,
  'json.scoreSettings': (value) => typeof value === 'object',
  'settings.biasSize': (value) => value === 'scoring',
  'settings.biasLayers': (value) => value === 'all',
  // The bias in every way of counting it, and layers without a gradient, which 0.1 did not keep.
  ...Object.fromEntries(
    ['deployment_live', 'deployment_all', 'scoring_live', 'scoring_all'].map((way) => [
      `candidate.bias_${way}`,
      number,
    ]),
  ),
  // Networks that a person had scored besides what the search proposed.
  ...Object.fromEntries(['extra', 'extra_detail'].map((table) => [table, isNothing])),
  'json.biases': (value) => typeof value === 'object',
  // Models that a person trained.
  'json.trained': isNothing,
  'json.silentLayers': number,
  'json.biasSize': (value) => value === 'scoring',
  'json.biasLayers': (value) => value === 'all',
  // 0.1 did not say with which instructions it computed; another computer may take others.
  'engine.instructions': isInstructionsHere,
  'scoring.instructions': isInstructionsHere,
  // What a run file can be checked by: digests of the other columns, and counts of rows.
  'candidate.digest': number,
  'candidate.rest_digest': number,
  'candidate_detail.digest': number,
  'run.digest': number,
  'run.candidates': number,
  'run.candidates_digest': number,
  'run.failed': number,
  'run.without_digest': number,
  // 0.1 stated one error for every estimate, and took a network for a measured one by its MACs and operations.
  'estimate.medianPercent': number,
  'estimate.p90Percent': number,
  'estimate.withinMeasuredRange': (value) => typeof value === 'boolean',
  'estimate.outside': Array.isArray,
  // A benchmark judges more predictors, at equal cost and with intervals, and tells of every network.
  ...Object.fromEntries(
    predictors
      .filter((name) => !judgedBefore.includes(name))
      .map((name) => [`correlations.${name}`, isObject]),
  ),
  'json.judged': isObject,
  'json.score': (value) => value === 'zicoBc',
  'json.networks': (value) => Array.isArray(value) && value.every(isObject),
  // An inspection also tells problems by their kind.
  'json.problemKinds': (value) => Array.isArray(value) && value.length === 0,
  // And what a model of the scores knows: nothing of so few.
  'json.model': (value) => value === null || typeof value === 'object',
  // An analysis tells what a search told.
  'json.warnings': (value) => Array.isArray(value) && value.every(isLaterWarning),
};
/** Warnings that later versions give of runs of 0.1, kinds of data that they read and spaces that they have besides. */
const warningsSince = new Set(['no-digests', 'estimate-out-of-range']);
const dataKindsSince = new Set(['cifar-pickles', 'idx', 'yolo']);
/** Three of them are others than those that had their names: these are checked by their descriptions. */
const spacesSince = new Set([
  ...['nas-bench-201', 'ofa-mobilenetv3', 'ffnet-48', 'efficientnet-wide', 'efficientdet-d0-wide'],
  ...['ffnet', 'efficientnet', 'efficientdet-d0'],
]);

/**
 * The value of a command's JSON that has to stay. Paths begin with <out>, <runs> or <records>.
 * @param added what may be there besides: see `addedSince`
 */
export function lasting(
  value: unknown,
  places: Readonly<Record<string, string>>,
  added: typeof addedSince = {},
  within = '',
): unknown {
  // What goes on without naming its instructions says so; version 0.1 said nothing.
  if (value === unnamedInstructions) return null;
  if (typeof value === 'string') return placed(value, places);
  if (Array.isArray(value)) {
    const known = value.filter((one) => !isLaterWarning(one) && !isLaterDataKind(one) && !isLaterSpace(one));
    return known.map((one) => lasting(one, places, added, within));
  }
  if (value === null || typeof value !== 'object') return value;
  const isAdded = (key: string, one: unknown) =>
    [key, `${within}.${key}`].some((name) => added[name]?.(one) === true);
  return Object.fromEntries(
    Object.entries(value)
      // `seconds` is a limit of a search as well, which stays.
      .filter(([key, one]) => !mayDiffer.has(key) || one === null)
      // How a kind of data is called and described is a sentence, too.
      .filter(([key]) => !('layout' in value && (key === 'layout' || key === 'title')))
      .filter(([key, one]) => !isAdded(key, one))
      .map(([key, one]) => [key, lasting(one, places, added, key)]),
  );
}

function placed(text: string, places: Readonly<Record<string, string>>): string {
  for (const [name, folder] of Object.entries(places)) text = text.replaceAll(folder, `<${name}>`);
  return text;
}

/** Columns that a clock or chance decides, or the version of the program; and digests, which 0.1 had not. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  run: [
    ...['run_id', 'product_version', 'created_at', 'elapsed_seconds'],
    ...['candidates', 'failed', 'without_digest', 'candidates_digest', 'digest'],
  ],
  candidate: ['scoring_seconds', 'digest', 'rest_digest'],
  candidate_detail: ['digest'],
  mark: ['digest'],
};
const asJson = new Set([
  ...['settings', 'space', 'tags', 'warnings', 'scoring', 'parents', 'losses', 'engine'],
  ...['latency_conditions', 'resolutions', 'layers', 'runs_ms', 'measurement'],
]);

export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Tables that later versions have, and that stay empty in what 0.1 did. */
const tablesSince = new Set(['extra', 'extra_detail', 'trained']);

/** Every row of every table of a closed run file, but for times and version. */
export function rowsOf(file: string): Rows {
  const database = new Database(file);
  const all = (sql: string) => database.prepare(sql).all([]) as Record<string, unknown>[];
  const tables = all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  const rows = tables.map(({ name }) => {
    const table = String(name);
    const skipped = new Set(leftOut[table]);
    const kept = (row: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([column]) => !skipped.has(column))
          .map(([column, value]) => [
            column,
            asJson.has(column) && typeof value === 'string' ? JSON.parse(value) : value,
          ]),
      );
    return [table, all(`SELECT * FROM "${table}" ORDER BY 1`).map(kept)] as const;
  });
  database.close();
  return Object.fromEntries(
    rows.filter(([table, found]) => !tablesSince.has(table) || found.length > 0),
  );
}

/** What an export holds: figures as they are, a digest of what computes, only the name of what is prose. */
export function contents(folder: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [file, content(path.join(folder, file))]),
  );
}

function content(file: string): unknown {
  const bytes = readFileSync(file);
  const digest = (of: Uint8Array) => createHash('sha256').update(of).digest('hex');
  switch (path.extname(file)) {
    case '.onnx': {
      const model = onnxProto.onnx.ModelProto.decode(bytes);
      model.producerVersion = '';
      return digest(onnxProto.onnx.ModelProto.encode(model).finish());
    }
    case '.json':
      return lasting(JSON.parse(String(bytes)), {});
    case '.html':
    case '.md':
      return 'prose';
    default:
      return digest(bytes);
  }
}

function isLaterDataKind(one: unknown): boolean {
  return (
    typeof one === 'object' &&
    one !== null &&
    'layout' in one &&
    'name' in one &&
    dataKindsSince.has(String(one.name))
  );
}

function isLaterSpace(one: unknown): boolean {
  return (
    typeof one === 'object' &&
    one !== null &&
    'genes' in one &&
    'name' in one &&
    spacesSince.has(String(one.name))
  );
}

function isLaterWarning(one: unknown): boolean {
  return (
    typeof one === 'object' && one !== null && 'code' in one && warningsSince.has(String(one.code))
  );
}

/** The record of a command: its exit code, its JSON, and what it exported. */
export function recordOf(
  command: RecordedCommand,
  { code, stdout }: Answer,
  places: Readonly<Record<string, string>>,
): object {
  return {
    code,
    json: lasting(JSON.parse(stdout), places),
    ...(command.exports === undefined ? {} : { files: contents(command.exports) }),
  };
}
