import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentedSpace } from './documented-space.ts';
import { run } from './fake-workbench.ts';
import { ownStateFolder } from './own-state-folder.ts';
import { runAsJson as json } from './run-as-json.ts';

const at = ownStateFolder();

describe('zico benchmark', () => {
  it('gives every network with its scores, as JSON and as CSV', async () => {
    const args = ['benchmark', 'nas-bench-201', '--count', '12', '--proxies', 'near,synflow'];
    const { value } = await json(args);
    expect(value['score']).toBe('zicoBc');
    const networks = value['networks'] as unknown as readonly {
      genotype: string;
      scores: Record<string, number | null>;
    }[];
    expect(networks).toHaveLength(12);
    expect(Object.keys(networks[0]!.scores)).toEqual([
      ...['zico', 'zicoBc', 'zicoCapped', 'zicoBcCapped'],
      ...['layers', 'liveLayers', 'lnChannels', 'minusBias'],
      ...['near', 'synflow', 'meco', 'mecoWeighted', 'naswot'],
    ]);
    expect(networks[0]!.scores).toMatchObject({ near: expect.any(Number) as unknown, meco: null });
    expect(Object.keys(value['judged']!)).toContain('nearSynflow');
    expect(Object.keys(value['judged']!)).not.toContain('naswot');
    const { stdout } = await run([...args, '--csv']);
    const [head, ...lines] = stdout.trim().split('\n');
    expect(head).toMatch(/^genotype,parameters,macs,cifar10_valid_acc,.*,naswot$/);
    expect(lines).toHaveLength(12);
    expect(lines[0]!.startsWith(networks[0]!.genotype)).toBe(true);
  }, 60_000);

  it('computes no proxy where none is asked for, and refuses one that it does not know', async () => {
    const args = ['benchmark', 'nats-sss', '--count', '5'];
    const { value } = await json([...args, '--proxies', 'none']);
    const [network] = value['networks'] as unknown as readonly { scores: object }[];
    expect(network!.scores).toMatchObject({ near: null, synflow: null, layers: 25 });
    expect((await run([...args, '--proxies', 'near,snip'])).code).toBe(2);
  });

  it('finds scores again that it computed before', async () => {
    const args = ['benchmark', 'nats-sss', '--count', '8', '--seed', '2'];
    const first = await json(args);
    const again = await json(args);
    expect(again.value['networks']).toEqual(first.value['networks']);
    expect(await readdir(path.join(at('state'), 'benchmark-scores'))).toHaveLength(1);
  }, 60_000);

  it('reports correlations, with progress on stderr only', async () => {
    const table = path.join(
      import.meta.dirname,
      '../../main/assets/nats-sss-table/test-accuracy-90-epochs.csv',
    );
    const args = ['benchmark', 'nats-sss', '--table', table, '--count', '20', '--seed', '3'];
    const { code, value, stderr } = await json(args);
    expect(code).toBe(0);
    expect(value).toMatchObject({ count: 20, seed: 3 });
    const correlations = value['correlations']! as Record<string, Record<string, object>>;
    expect(Object.keys(correlations)).toEqual(
      expect.arrayContaining(['zico', 'zicoBc', 'parameters', 'macs']),
    );
    expect(correlations['zico']!['cifar10_test_acc']).toEqual({
      kendallTau: expect.any(Number) as unknown,
      spearmanRho: expect.any(Number) as unknown,
    });
    expect(stderr).toContain('20/20 networks');
  }, 60_000);

  it('knows no accuracies of other networks, whatever their space is called', async () => {
    const example = await documentedSpace();
    const file = at('called-alike.json');
    await writeFile(file, example.replace('"mine"', '"nats-sss"'));
    const { code, value } = await json(['benchmark', file, '--count', '3']);
    expect(code).toBe(2);
    expect(value).toMatchObject({ error: { code: 'table-missing' } });
    expect(value['error']!['message']).toContain('called-alike.json');
  });

  it('scores the networks again where repeatability is asked for', async () => {
    const args = ['benchmark', 'nats-sss', '--count', '10', '--repeatability'];
    const { value, stderr } = await json(args);
    // The pretended engine's scores depend on sizes alone: they repeat exactly.
    const all = { zico: 1, zicoBc: 1, zicoCapped: 1, zicoBcCapped: 1 };
    expect(value['repeatability']).toEqual({ otherBatches: all, otherWeights: all });
    expect(stderr).toContain('30/30 networks');
  }, 60_000);

  it('asks for accuracies where none ship with the product', async () => {
    const { code, stderr } = await run(['benchmark', 'ffnet', '--count', '10']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('No accuracies of networks of ffnet ship with the product.');
  });
});
