import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CandidateId } from '../../../main/run/candidate.ts';
import type { TrainedModel } from '../../../main/run/trained-model.ts';
import { Connection } from '../../../main/store/connection.ts';
import { createRun, openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import { asOfVersion } from '../../support/older-run.ts';
import { toyCandidate, toyLatency, toyRunInfo } from '../../support/toy-search.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zico-trained-'));
  file = path.join(folder, 'run.zico');
  const store = createRun(file, toyRunInfo());
  for (const id of [1, 2, 3]) store.add(toyCandidate(id), id);
  store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { latencyMs, p90Ms, minMs, conditions } = toyLatency(toyCandidate(1).genotype);

function model(candidate: number, changes: Partial<TrainedModel> = {}): TrainedModel {
  return {
    candidate: candidate as CandidateId,
    digest: String(candidate).repeat(64),
    name: 'trained “Löwe”.onnx',
    ...{ accuracy: 71.2, metric: 'top-1', data: 'flowers', newHead: null },
    attachedAt: '2026-01-02T03:04:05.678Z',
    latencies: { float32: null, int8: { latencyMs, p90Ms, minMs, conditions } },
    ...changes,
  };
}

function write(...models: readonly TrainedModel[]): void {
  const store = openRunForWriting(file);
  for (const one of models) store.setTrained(one);
  store.close();
}

function read(): readonly TrainedModel[] {
  const reader = openRunReadOnly(file);
  try {
    return reader.trained();
  } finally {
    reader.close();
  }
}

describe('trained models in a run file', () => {
  it('are there again, one a candidate, until they are taken away', () => {
    write(model(3, { newHead: 7 }), model(1), model(3, { accuracy: 0, metric: 'mIoU' }));
    expect(read()).toEqual([model(1), model(3, { accuracy: 0, metric: 'mIoU' })]);
    const store = openRunForWriting(file);
    store.removeTrained(1 as CandidateId);
    expect(() => store.setTrained(model(4))).toThrow(
      expect.objectContaining({ code: 'unknown-candidate' }),
    );
    store.close();
    expect(read()).toEqual([model(3, { accuracy: 0, metric: 'mIoU' })]);
  });

  it('change nothing of the candidates', () => {
    const before = openRunReadOnly(file);
    const candidates = [...before.candidates()];
    before.close();
    write(model(2));
    const after = openRunReadOnly(file);
    expect(after.candidates()).toEqual(candidates);
    after.close();
  });

  it('are none in runs of before, which get a place for them once they are written', () => {
    asOfVersion(file, 9);
    expect(read()).toEqual([]);
    write(model(2));
    expect(read()).toEqual([model(2)]);
  });

  it.each([
    ['an accuracy that nobody gave', 'accuracy = 72', 'does not agree with its digest'],
    ['an accuracy out of range', 'accuracy = 171', 'column accuracy holds 171'],
    ['another file', "model_digest = 'x'", 'does not agree with its digest'],
    ['no digest', 'digest = NULL', 'column digest holds nothing'],
    ['a latency without conditions', `int8_latency = '{"latencyMs":1}'`, 'trained 2'],
    ['no text', "metric = CAST(x'ff' AS TEXT)", 'no UTF-8'],
  ])('are refused where a disk or a mistake left %s', (_, change, words) => {
    write(model(2));
    const connection = new Connection(file, 'write');
    connection.execute(`UPDATE trained SET ${change}`);
    connection.release();
    expect(read).toThrow(expect.objectContaining({ code: 'not-a-run-file' }));
    expect(read).toThrow(words);
  });

  it('are not written where a run is only looked at', () => {
    const reader = openRunReadOnly(file);
    expect(() => reader.setTrained(model(1))).toThrow(
      expect.objectContaining({ code: 'run-read-only' }),
    );
    reader.close();
  });
});
