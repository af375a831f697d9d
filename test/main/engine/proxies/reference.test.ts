import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import { nativeEvaluator } from '../../../../main/engine/onednn/evaluate.ts';
import { evaluator } from '../../../../main/engine/onnxruntime/evaluate.ts';
import {
  computeProxies,
  forwardMaps,
  type Evaluate,
} from '../../../../main/engine/proxies/compute.ts';
import { bindImage } from '../../../../main/graph/bind.ts';
import { toTraining } from '../../../../main/graph/forms.ts';
import { agreements, naswot } from '../../../../main/proxy/naswot.ts';
import { mecoWeighted } from '../../../../main/proxy/meco-weighted.ts';
import { meco } from '../../../../main/proxy/meco.ts';
import { near } from '../../../../main/proxy/near.ts';
import type { ProxyFeatureMap, ForwardProxy } from '../../../../main/proxy/proxy.ts';
import { readGolden } from '../../../support/golden.ts';

/** Values in double precision by PyTorch (test/golden/proxies/README.md). */
interface Reference {
  readonly float64: {
    readonly batches: readonly {
      readonly naswot: number;
      readonly naswotUnits: number;
      readonly naswotKernel: readonly (readonly number[])[];
      readonly nearLayers: readonly number[];
      readonly nearBatchNorms: readonly number[];
      readonly nearRelus: readonly number[];
      readonly totals: { readonly near: number };
    }[];
    readonly synflow: readonly number[];
    readonly synflowTotal: number;
  };
}

const names = ['plain', 'group', 'nats-sss-16-24-8-32-40'] as const;
const engines: readonly (readonly [string, Evaluate, boolean])[] = [
  ['onnxruntime', evaluator(1), true],
  ['onednn', nativeEvaluator({ threads: 1 }, Infinity), builtVersion() !== null],
];
const cases = engines
  .filter(([, , here]) => here)
  .flatMap(([engine, evaluate]) => names.map((name) => ({ engine, name, evaluate })));

/** test/golden/proxies/meco.py */
const mecoOf = (
  name: string,
): { readonly batches: readonly { readonly meco: number; readonly mecoWeighted: number }[] } =>
  JSON.parse(
    readFileSync(
      path.join(import.meta.dirname, `../../../golden/proxies/meco-${name}.json`),
      'utf8',
    ),
  ) as never;

const referenceOf = (name: string): Reference =>
  JSON.parse(
    readFileSync(path.join(import.meta.dirname, `../../../golden/proxies/${name}.json`), 'utf8'),
  ) as Reference;

/** Of one whole batch, as the reference has it. */
async function mapsOf(
  name: (typeof names)[number],
  batch: number,
  proxy: ForwardProxy,
  evaluate: Evaluate,
): Promise<readonly ProxyFeatureMap[]> {
  const { graph, batches } = readGolden(name);
  const one = { ...batches, batches: [batches.batches[batch]!] };
  const training = toTraining(bindImage(graph, batches.inputShape));
  const named = [{ name: 'near', proxy }] as const;
  return (await forwardMaps(training, one, named, 'batch', evaluate)).get('near')!;
}

const relative = (value: number, expected: number): number =>
  expected === 0 ? Math.abs(value) : Math.abs(value / expected - 1);

describe.each(cases)('$name on $engine, beside PyTorch in double precision', (the) => {
  const { name, evaluate } = the;
  const { float64 } = referenceOf(name);

  it('NEAR: every value to 1e-5', async () => {
    for (const [i, batch] of float64.batches.entries()) {
      const maps = await mapsOf(name, i, near, evaluate);
      const ranks = (of: ProxyFeatureMap['of']) =>
        maps.filter((map) => map.of === of).map((map) => near.score([map]).value!);
      const found = [...ranks('layer'), ...ranks('norm'), ...ranks('relu')];
      const expected = [...batch.nearLayers, ...batch.nearBatchNorms, ...batch.nearRelus];
      expect(found).toHaveLength(expected.length);
      const off = found.map((value, k) => relative(value, expected[k]!));
      expect(Math.max(...off)).toBeLessThan(1e-5);
      expect(relative(near.score(maps).value!, batch.totals.near)).toBeLessThan(1e-5);
    }
  });

  it.each([
    ['MeCo', meco, 'meco'],
    ['MeCo, weighted', mecoWeighted, 'mecoWeighted'],
  ] as const)('%s: to 1e-4', async (_, proxy, key) => {
    for (const [i, batch] of mecoOf(name).batches.entries()) {
      const maps = await mapsOf(name, i, proxy, evaluate);
      expect(relative(proxy.score(maps).value!, batch[key])).toBeLessThan(1e-4);
    }
  });

  it('SynFlow: to 1e-5', async () => {
    const { graph, batches } = readGolden(name);
    const { synflow } = await computeProxies(graph, batches, ['synflow'], evaluate);
    expect(relative(synflow!.value!, float64.synflowTotal)).toBeLessThan(1e-5);
  });

  it('NASWOT: the kernel entry by entry, a few flips in 100,000 units', async () => {
    for (const [i, batch] of float64.batches.entries()) {
      const maps = await mapsOf(name, i, naswot, evaluate);
      const kernel = agreements(maps);
      const expected = batch.naswotKernel.flat();
      const flips = Math.max(...expected.map((value, k) => Math.abs(value - kernel[k]!)));
      expect(flips).toBeLessThanOrEqual(Math.ceil((batch.naswotUnits / 1e5) * 5));
      expect(kernel[0]).toBe(batch.naswotUnits);
      expect(Math.abs(naswot.score(maps).value! - batch.naswot)).toBeLessThan(1e-3);
    }
  });
});
