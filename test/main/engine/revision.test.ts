import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  asScoredBy,
  detectionRevision,
  engineVersionOf,
  networkRevision,
  versionFor,
  withNetworkRevision,
} from '../../../main/engine/revision.ts';
import type { BatchSet } from '../../../main/task/batches.ts';
import {
  closureOf,
  digestOf,
  nativeStatementsIn,
  statementsIn,
  statementsOf,
  versionsOf,
} from '../../support/deciding-source.ts';

const recorded = path.join(import.meta.dirname, '../../../main/engine/revision.json');

/** From a genotype and images to the numbers that are stored: what these load decides the bits. */
const roots = [
  'main/space/described-space.ts',
  'main/space/initial-network.ts',
  'main/task/draw-batches.ts',
  'main/engine/child.ts',
  'main/proxy/zico.ts',
];

/** Loaded by them, and no number of a score depends on it. */
const elsewhere = [
  /^main\/engine\/(onednn|onnxruntime)\//, // have guards of their own, but for what follows below
  /^main\/child\//, // processes
  /^main\/(errors|warning)\.ts$/, // words
  /^main\/engine\/(batch-parts|child|memory-bound|precision|revision|scored-layers)\.ts$/, // ways, refusals
  /^main\/space\/(check|check-choice|check-head|description-error|faults)\.ts$/, // refusals
  /^main\/task\/(data-warnings|problems)\.ts$/, // words; images have a digest, which a resumed run compares
];
/** Of the engines' folders, what their own guards leave out: how a task's targets become inputs. */
const between = ['main/engine/onednn/task.ts', 'main/engine/onnxruntime/task.ts'];
/** Their versions are part of an engine's version. */
const named = ['onnxruntime-node', 'onnx-proto'];

const deciding = (() => {
  const { files } = closureOf(roots, () => false);
  const own = files.filter((file) => !elsewhere.some((pattern) => pattern.test(file)));
  const all = [...own, ...between];
  const { packages } = closureOf(all, (file) => !all.includes(file));
  return { files: all, packages: packages.filter((name) => !named.includes(name)) };
})();

describe('the revision of networks and formulas', () => {
  it('was thought of when what decides bits of scores changed', () => {
    const { files, packages } = deciding;
    const statements = [...files.flatMap(statementsOf), ...versionsOf(packages)];
    const revisions = { revision: networkRevision, detection: detectionRevision };
    const now = { ...revisions, sources: digestOf(statements) };
    expect(
      now,
      'Sources that decide bits of scores changed. If any score can now come out with other bits, raise ' +
        'networkRevision in main/engine/revision.ts: stored runs then refuse to go on with other arithmetic. ' +
        'Where only scores of detection can, raise detectionRevision there and keep what runs began with. ' +
        `If none can, leave it. Either way write ${JSON.stringify(now)} with these revisions into ` +
        'main/engine/revision.json.',
    ).toEqual(JSON.parse(readFileSync(recorded, 'utf8')));
  });

  it.each([
    'main/graph/differentiate.ts',
    'main/graph/losses.ts',
    'main/graph/detection.ts',
    'main/graph/weights.ts',
    'main/random.ts',
    'main/graph/operators/activations.ts',
    'main/graph/operators/pooling.ts',
    'main/engine/task-loss.ts',
    'main/engine/onednn/task.ts',
    'main/task/detection/assign.ts',
    'main/task/batch-filler.ts',
    'main/space/blocks/mbconv.ts',
    'main/space/heads/efficientdet.ts',
    'main/proxy/zico.ts',
    'main/proxy/gradient-statistics.ts',
  ])('watches %s', (file) => {
    expect(deciding.files).toContain(file);
  });

  it('watches the random numbers that weights are drawn from', () => {
    expect(versionsOf(deciding.packages)).toContainEqual(
      expect.stringMatching(/^pure-rand@\d+\.\d+\.\d+$/),
    );
  });

  it('is not named as long as it is the one of version 0.1, whose runs go on', () => {
    expect(withNetworkRevision('2.6.3+k6', 1)).toBe('2.6.3+k6');
    expect(withNetworkRevision('2.6.3+k6', 2)).toBe('2.6.3+k6.n2');
  });
});

describe("the revision of detection's targets", () => {
  const detection = { task: 'detection' } as const;

  it('is named by scores of detection alone', () => {
    expect(versionFor('1.30.0+m3', detection)).toBe('1.30.0+m3.d2');
    expect(versionFor('1.30.0+m3', { task: 'classification' })).toBe('1.30.0+m3');
    expect(versionFor('1.30.0+m3', { task: 'segmentation' })).toBe('1.30.0+m3');
    expect(engineVersionOf('1.30.0+m3.d2')).toBe('1.30.0+m3');
    expect(engineVersionOf('1.30.0+m3')).toBe('1.30.0+m3');
  });

  it('stays the one that a score was computed with', () => {
    const batches: BatchSet = {
      ...({ ...detection, batchSize: 2, inputShape: [3, 64, 64], classes: 3 } as const),
      ...{ batches: [], description: '' },
    };
    expect(asScoredBy('1.30.0+m3.d2', batches)).toBe(batches);
    for (const old of ['1.30.0+m3', null]) {
      const again = asScoredBy(old, batches);
      expect(again).toEqual({ ...batches, sharedAnchor: 'last' });
      expect(versionFor('1.30.0+m3', again)).toBe('1.30.0+m3');
    }
    const others: BatchSet = { ...batches, task: 'classification', batches: [] };
    expect(asScoredBy(null, others)).toBe(others);
  });
});

describe('a digest of source', () => {
  const digest = (source: string) => digestOf(statementsIn(source));
  const rule = `
    import { elements } from './shape.ts';
    export const scale = (x: number): number => x * 2; // twice
    /** Says no. */
    export function refuse(x: string): never { throw new RangeError(\`\${x} is wrong\`); }
  `;

  it.each<[string, string]>([
    ['comments', rule.replace('twice', 'two times').replace('Says no.', 'Refuses.')],
    ['where imports come from', rule.replace("'./shape.ts'", "'../../common/shape.ts'")],
    ['types', rule.replace('(x: number): number', '(x: Factor)')],
    ['the words of an error', rule.replace('is wrong', 'does not fit')],
    ['layout', rule.replaceAll(' => ', ' =>\n   ').replaceAll('    ', '\t')],
    ['what is exported', rule.replace('export function', 'function')],
    [
      'order',
      rule
        .split('\n')
        .slice(0, 2)
        .concat(rule.split('\n').slice(3), rule.split('\n')[2]!)
        .join('\n'),
    ],
  ])('keeps when these change: %s', (_name, source) => {
    expect(source).not.toBe(rule);
    expect(digest(source)).toBe(digest(rule));
  });

  it('keeps when a declaration moves into another file', () => {
    const [first, second] = ['const a = 1;', 'const b = 2;'];
    const apart = [...statementsIn(second), ...statementsIn(first)];
    expect(digestOf(apart)).toBe(digest(first + second));
  });

  it.each<[string, string]>([
    ['a number', rule.replace('x * 2', 'x * 3')],
    ['an operation', rule.replace('x * 2', 'x + 2')],
    ['what is refused', rule.replace('throw new', 'return new')],
    ['a text that is no error', rule + "const mode = 'floor';"],
  ])('changes with %s', (_name, source) => {
    expect(digest(source)).not.toBe(digest(rule));
  });

  it('of C++ goes by what is compiled', () => {
    const kernel = 'float f(float x) { return x * 2; }  // twice\nconst char* s = "a // b";';
    const native = (source: string) => digestOf(nativeStatementsIn(source));
    expect(native(kernel.replace('twice', 'two'))).toBe(native(kernel));
    expect(native(kernel.replace('* 2', '* 3'))).not.toBe(native(kernel));
    expect(native(kernel.replace('// b', '// c'))).not.toBe(native(kernel));
  });
});
