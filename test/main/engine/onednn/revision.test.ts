import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import { digestOf, sourcesBelow, statementsOf } from '../../../support/deciding-source.ts';

const folder = 'main/engine/onednn';
const root = path.join(import.meta.dirname, '../../../..');
const recorded = path.join(root, folder, 'native/revision.json');

/** What decides the bits of a score: the add-on's sources, and the plans that it is given. */
const deciding = /^(native\/.*\.[ch]pp|steps\/.*\.ts|lower\.ts|simplify\.ts|swish\.ts|build\.ts)$/;
const sources = sourcesBelow(folder, deciding).filter((file) => !file.endsWith('/revision.hpp'));
/** What float32-winograd alone computes with; its scores name this revision beside the other. */
const winograd = sources.filter((file) => file.includes('winograd'));
const others = sources.filter((file) => !winograd.includes(file));

function revision(name = 'kRevision'): number {
  const header = readFileSync(path.join(root, folder, 'native/revision.hpp'), 'utf8');
  return Number(new RegExp(`constexpr int ${name} = (\\d+);`).exec(header)?.[1]);
}

it('of the kernels was thought of when their sources changed', () => {
  expect(sources.length).toBeGreaterThan(30);
  expect(winograd.length).toBeGreaterThan(3);
  const digest = (files: readonly string[]) => digestOf(files.flatMap(statementsOf));
  const now = {
    ...{ revision: revision(), sources: digest(others) },
    winograd: { revision: revision('kWinogradRevision'), sources: digest(winograd) },
  };
  expect(
    now,
    'The kernels or their plans changed. If any network can now come out with other bits, raise kRevision in ' +
      'native/revision.hpp (kWinogradRevision where only float32-winograd can): stored runs then refuse to go on with other kernels. If none can, leave it. Either ' +
      `way write ${JSON.stringify(now)} with that revision into native/revision.json.`,
  ).toEqual(JSON.parse(readFileSync(recorded, 'utf8')));
});

it.skipIf(builtVersion() === null)('is part of the version that was built', () => {
  expect(builtVersion()).toMatch(new RegExp(`^2\\.\\d+\\.\\d+\\+k${revision()}$`));
  const own = `${builtVersion() ?? ''}.w${revision('kWinogradRevision')}`;
  expect(builtVersion('float32-winograd')).toBe(own);
});
