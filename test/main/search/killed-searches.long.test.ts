/** A part of what `node test/reliability/killed-searches.ts` tries. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';
import { tryKilledSearches, type Layout } from '../../support/killed-searches.ts';

const engine = builtVersion() === null ? 'onnxruntime' : 'onednn';

it.runIf(process.platform === 'linux')(
  'searches killed at random moments find what an undisturbed one finds, and leave nothing behind',
  async () => {
    const trials = await tryKilledSearches({
      ...{ count: 24, from: 1000, candidates: 30 },
      layouts: [1, 2].map((workers): Layout => ({ engine, workers })),
      cli: path.join(import.meta.dirname, '../../../dist/main/cli.js'),
    });
    expect(trials.faults).toEqual([]);
    expect(trials.kills).toBeGreaterThan(12);
    expect(trials.resumed).toBeGreaterThan(4);
  },
  600_000,
);
