import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { modelRevision, scoringVersion } from '../../../../main/engine/onnxruntime/version.ts';
import { digestOf, sourcesBelow, statementsOf } from '../../../support/deciding-source.ts';

const folder = 'main/engine/onnxruntime';
const root = path.join(import.meta.dirname, '../../../..');
const recorded = path.join(root, folder, 'revision.json');

/** All but what decides no number of a model. */
const elsewhere = ['engine.ts', 'version.ts', 'task.ts'];
const sources = sourcesBelow(folder, /\.ts$/).filter(
  (file) => !elsewhere.includes(path.posix.basename(file)),
);

it('of the scored models was thought of when their sources changed', () => {
  expect(sources.length).toBeGreaterThan(10);
  const now = { revision: modelRevision, sources: digestOf(sources.flatMap(statementsOf)) };
  expect(
    now,
    'What onnxruntime scores with changed. If any network can now come out with other bits, raise modelRevision ' +
      'in version.ts: stored runs then refuse to go on with other models. If none can, leave it. Either way ' +
      `write ${JSON.stringify(now)} with that revision into main/engine/onnxruntime/revision.json.`,
  ).toEqual(JSON.parse(readFileSync(recorded, 'utf8')));
});

it('is part of the version that scores name', () => {
  expect(scoringVersion).toMatch(new RegExp(`^\\d+\\.\\d+\\.\\d+\\+m${modelRevision}$`));
});
