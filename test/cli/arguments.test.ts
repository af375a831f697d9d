import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../main/errors.ts';
import { fakeWorkbench, run } from './fake-workbench.ts';

const errorOf = (stdout: string) =>
  (JSON.parse(stdout) as { error: { code: string; message: string; hint: string } }).error;

const wrong: [string, string[], RegExp][] = [
  ['an unknown command', ['serch'], /unknown command 'serch'/i],
  ['an unknown command beside a default', ['spaces', 'chek'], /unknown command 'chek'/i],
  ['help for an unknown command', ['serch', '--help'], /unknown command 'serch'/i],
  ['no command', [], /./],
  ['an unknown option', ['spaces', '--fast'], /unknown option '--fast'/i],
  ['a missing argument', ['sample'], /no search space is named/i],
  ['one argument too many', ['sample', 'nats-sss', 'more'], /too many arguments/i],
  [
    'a missing option',
    ['score', 'm.onnx', '--inputs', 'x.npy'],
    /--inputs and --targets belong together/,
  ],
  ['an option without its value', ['sample', 'nats-sss', '--count'], /argument missing/],
  ['a count that is none', ['sample', 'nats-sss', '--count', 'many'], /whole number, 1 or more/],
  ['a negative count', ['sample', 'nats-sss', '--count', '-1'], /./],
  ['a count of zero', ['sample', 'nats-sss', '--count', '0'], /whole number, 1 or more/],
  [
    'a count beyond all numbers',
    ['sample', 'nats-sss', '--count', '99999999999999999999'],
    /whole number, 1 to 9007199254740991/,
  ],
  ['a count with a fraction', ['sample', 'nats-sss', '--count', '1.5'], /whole number/],
  ['more than there are', ['sample', 'nats-sss', '--count', '32769'], /only 32,768 networks/],
  ['a seed out of range', ['sample', 'nats-sss', '--seed', '4294967296'], /0 to 4294967295/],
  [
    'an unknown latency source',
    ['search', '--latency', 'telephone'],
    /host, phone, phone:SERIAL, predicted-s10-gpu, .*predicted-s10-cpu-int8, .* or macs/,
  ],
  ['an interval of nothing', ['search', '--interval', '0'], /percentage above 0/],
  ['an interval beyond all', ['search', '--interval', '101%'], /number, 0 to 100/],
  ['no repeat', ['measure', 'a.onnx', '--repeats', '0'], /whole number, 1 to 100/],
  [
    'an interval of what is counted',
    ['search', '--latency', 'macs', '--interval', '5%'],
    /measured/,
  ],
  [
    'repeats of an estimate',
    ['search', '--latency', 'predicted-s10-gpu', '--repeats', '5'],
    /measured/,
  ],
  ['one batch', ['search', '--batches', '1'], /whole number, 2 to 64/],
  ['a population of three', ['search', '--population', '3'], /whole number, 4 to 10000/],
  ['a negative beta', ['search', '--beta=-1'], /number, 0 to 10/],
  ['a beta that is no number', ['search', '--beta', 'NaN'], /number, 0 to 10/],
  ['another score', ['search', '--score', 'zen'], /zico-bc, zico, near, synflow/],
  ['a score twice', ['search', '--score', 'near+near'], /each once, such as near\+synflow/],
  ['another proxy', ['score', 'm.onnx', '--proxies', 'zen'], /near, synflow, meco/],
  ['nothing to score', ['score'], /Nothing to score is named/],
  [
    'an ONNX model by the name of another format',
    ['build', 'nats-sss', '8:8:8:8:8', '--out', 'm.tflite'],
    /written as ONNX, but m\.tflite ends like a file of TensorFlow Lite/,
  ],
  ['a space without a genotype', ['score', '--space', 'nats-sss'], /^No genotype is given/],
  [
    'a number of searches without a search',
    ['benchmark', 'nats-sss', '--seeds', '3'],
    /^--seeds is for --search/,
  ],
  ...['--repeatability', '--no-models', '--csv', '--draws=2', '--proxies=near'].map(
    (option): [string, string[], RegExp] => [
      `${option} of a search`,
      ['benchmark', 'nats-sss', '--search', 'guided', option],
      /is for scores, and --search judges searches/,
    ],
  ),
  ['a run without a candidate', ['score', '--run', 'a.zico'], /--run and --candidate/],
  [
    'a model and a run',
    ['score', 'm.onnx', '--run', 'a.zico', '--candidate', '1'],
    /--run and --candidate, and by nothing else/,
  ],
  ['no time', ['search', '--time', '0s'], /such as 90s, 15m or 1h30m/],
  [
    'another task',
    ['score', 'm.onnx', '--task', 'depth'],
    /classification, segmentation or detection/,
  ],
  [
    'noise and pictures',
    ['score', 'm.onnx', '--synthetic', '--data', 'd'],
    /--synthetic and --data exclude/,
  ],
  [
    'noise and arrays',
    ['score', 'm.onnx', '--synthetic', '--inputs', 'x', '--targets', 'y'],
    /--synthetic and --inputs exclude/,
  ],
  [
    'noise for a network of a space',
    ['score', '--space', 'nats-sss', '8:8:8:8:8', '--synthetic'],
    /--synthetic and --space exclude/,
  ],
  [
    'a size for a network of a space',
    ['score', '--space', 'nats-sss', '8:8:8:8:8', '--size', '64'],
    /--size is for model files/,
  ],
  ['a constant without a number', ['score', 'm.onnx', '--constant', 'scale='], /scale_factor=1/],
  ['a constant without a name', ['score', 'm.onnx', '--constant', '=1'], /scale_factor=1/],
  [
    'a constant given twice',
    ['score', 'm.onnx', '--constant', 'a=1', '--constant', 'a=2'],
    /"a" is given twice/,
  ],
  ['a resume without a run', ['search', '--resume'], /--resume needs the run/],
  [
    'ranges of int8 for files in float',
    ['export', '--run', 'a', '--out', 'b', '--candidate', '1', '--ranges', 'percentile'],
    /^--ranges is for files in int8/,
  ],
  [
    'a percentile beside other ranges',
    [
      ...['export', '--run', 'a', '--out', 'b', '--candidate', '1'],
      ...['--format', 'tflite-int8', '--percentile', '99'],
    ],
    /^--percentile is for --ranges percentile/,
  ],
  ['a candidate by name', ['export', '--run', 'a', '--out', 'b', '--candidate', 'best'], /whole/],
];

describe('bad arguments', () => {
  it.each(wrong)('%s: exit code 2, the reason as JSON with --json', async (_, args, message) => {
    const { code, stdout, stderr } = await run([...args.slice(0, 1), '--json', ...args.slice(1)]);
    expect(code).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: 'bad-arguments' });
    expect(errorOf(stdout).message).toMatch(message);
    expect(errorOf(stdout).message).toMatch(/^[A-Zn-].*[.!?]$/s);
    expect(errorOf(stdout).hint.length).toBeGreaterThan(10);
    expect(stderr).toBe('');
  });

  it.each(wrong)('%s: exit code 2, the reason on stderr without --json', async (_, args) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.length).toBeGreaterThan(20);
  });

  it.each([
    [['inspct'], /^Unknown command 'inspct'/],
    [['inspct', '--help'], /^Unknown command 'inspct'/],
    [['inspect', '--kind', 'voc'], /^--kind is for data of your own/],
  ])('of a group of commands: %j', async (args, message) => {
    const { code, stdout } = await run(['data', ...args, '--json']);
    expect(code).toBe(2);
    expect(errorOf(stdout).message).toMatch(message);
    expect((await run(['data', ...args])).code).toBe(2);
  });

  it('refuse CSV and JSON on one output', async () => {
    for (const command of [
      ['benchmark', 'nats-sss'],
      ['candidates', 'a.zico'],
      ['score', 'm.onnx'],
    ]) {
      const { code, stdout } = await run([...command, '--csv', '--json']);
      expect(code).toBe(2);
      expect(errorOf(stdout).message).toBe('--json and --csv exclude each other.');
    }
  });

  it('offer what was meant', async () => {
    expect((await run(['help', 'serch'])).stderr).toMatch(/Did you mean search\?/);
    const { stdout } = await run(['search', '--betta', '2', '--json']);
    expect(errorOf(stdout).hint).toMatch(/Did you mean --beta\?/);
    const meant = async (word: string) =>
      errorOf((await run(['spaces', word, '--json'])).stdout).hint;
    expect(await meant('chek')).toMatch(/^Did you mean check\? "zico spaces" lists/);
    expect(await meant('nats-sss')).toMatch(/^"zico spaces" lists/);
  });
});

describe('bad input', () => {
  it.each([
    [['sample', 'nats-tss'], 'unknown-space'],
    [['build', 'nats-sss', '16:24:8:32:41'], 'genotype-outside-space'],
    [['search', '--space', 'nats-tss'], 'unknown-space'],
    [['search', '--run', 'package.json'], 'run-exists'],
    [['score', '/none.onnx', '--inputs', 'x', '--targets', 'y'], 'file-not-found'],
    [['benchmark', 'nats-sss', '--table', '/none.csv'], 'file-not-found'],
    [['export', '--run', '/none.zico', '--candidate', '1', '--out', 'x'], 'not-a-run-file'],
    [['build', 'nats-sss', '8:8:8:8:8', '--out', '/none/m.onnx'], 'folder-not-writable'],
  ])('%j: %s, exit code 2', async (args, expected) => {
    const { code, stdout } = await run([...args, '--json']);
    expect(errorOf(stdout).code).toBe(expected);
    expect(code).toBe(2);
    const { message, hint } = errorOf(stdout);
    const readable = await run(args);
    expect(readable.stderr).toBe(`zico: ${message}\n${hint}\n`);
    expect(readable.stdout).toBe('');
  });
});

describe('a failure that no other input would avoid', () => {
  const failingWith = (error: Error) => ({
    ...fakeWorkbench(),
    openRunReadOnly: () => {
      throw error;
    },
  });
  const resume = ['search', '--run', 'a.zico', '--resume'];

  it('of the machine ends with exit code 1', async () => {
    const services = failingWith(new WorkbenchError('engine-crashed', 'It died.', 'Try again.'));
    const { code, stdout } = await run([...resume, '--json'], { services });
    expect(code).toBe(1);
    expect(errorOf(stdout)).toEqual({
      code: 'engine-crashed',
      message: 'It died.',
      hint: 'Try again.',
    });
  });

  it('of the program ends with exit code 1 and a trace to report', async () => {
    const services = failingWith(new TypeError('x is undefined'));
    const { code, stdout, stderr } = await run([...resume, '--json'], { services });
    expect(code).toBe(1);
    expect(errorOf(stdout)).toMatchObject({ code: 'internal', message: 'x is undefined' });
    expect(stderr).toContain('arguments.test.ts');
  });
});

describe('help and version', () => {
  it('explain every command with an example', async () => {
    const overview = await run(['--help']);
    expect(overview.code).toBe(0);
    const commands = ['search', 'export', 'score', 'benchmark', 'spaces', 'sample', 'build'];
    for (const command of commands) {
      expect(overview.stdout).toContain(`\n  ${command}`);
      const { code, stdout } = await run([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: zico ${command}`);
      expect(stdout).toContain('--json');
      if (command !== 'spaces') expect(stdout).toContain(`\n  zico ${command} `);
    }
  });

  it('reach the commands of a group', async () => {
    const { code, stdout } = await run(['help', 'farm', 'demo']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: zico farm demo');
    expect(stdout.match(/\(default: 24\)/g)).toHaveLength(1);
  });

  it('name the defaults of a search', async () => {
    const { stdout } = await run(['help', 'search']);
    expect(stdout.replace(/\s+/g, ' ')).toContain('networks in a generation (default: 20)');
    expect(stdout).not.toContain('(preset: ');
  });

  it('tell the version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });
});
