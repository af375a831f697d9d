/** A network of a run by its genotype, whether the search tried it or somebody had it scored besides. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { besides, type EvaluatedCandidate } from '../../../main/run/candidate.ts';
import { createRun, openRunReadOnly } from '../../../main/store/run-file.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { toyCandidate, toyFailure, toyRunInfo, toySettings } from '../../support/toy-search.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-network-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is found in full, and is null where nobody scored it', () => {
  const file = path.join(folder, 'run.zico');
  const [tried, failed] = [toyCandidate(1), toyFailure(2)];
  const extra: EvaluatedCandidate = { ...toyCandidate(7), id: besides };
  const store = createRun(file, toyRunInfo(toySettings));
  store.add(tried, 1);
  store.add(failed, 2);
  store.addExtra(extra);
  store.close();
  const reader = openRunReadOnly(file);
  expect(reader.network(tried.genotype)).toEqual(tried);
  expect(reader.network(failed.genotype)).toEqual(failed);
  expect(reader.network(extra.genotype)).toEqual(extra);
  expect(reader.network('9:9:9' as Genotype)).toBeNull();
  reader.close();
});

it('that is stored again takes the place of what was stored of it', () => {
  const file = path.join(folder, 'run.zico');
  const [first, second] = [toyCandidate(7, 'host'), toyCandidate(8, 'host')];
  const measured = { ...first.latency!, latencyMs: 4.5 };
  const store = createRun(file, toyRunInfo(toySettings));
  store.addExtra({ ...first, id: besides, latency: null });
  store.addExtra({ ...second, id: besides });
  store.addExtra({ ...first, id: besides, latency: measured });
  store.close();
  const reader = openRunReadOnly(file);
  expect(reader.extras().map(({ genotype }) => genotype)).toEqual([
    first.genotype,
    second.genotype,
  ]);
  expect(reader.extra(first.genotype)?.latency).toEqual(measured);
  reader.close();
});
