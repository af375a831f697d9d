/**
 * Many searches, one after another: a file with a list of configurations, or with one whose lists are crossed. Each
 * is a run of its own in one folder; runs that exist there are not searched again.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { combinationsOf, countCombinations, mostSearches } from '../common/crossing.ts';
import type { Called } from './called.ts';
import {
  checkedConfiguration,
  configurationInvalid,
  isMapping,
  readAnyConfiguration,
} from './configuration-file.ts';
import { assertConsistent, settingsAsked, type SearchAsked } from './configuration.ts';
import type { DocumentPlace } from './read-document.ts';

export interface SweptSearch {
  /** What distinguishes it from the others, for people and as a file name. */
  readonly name: string;
  readonly asked: SearchAsked;
  readonly called: Called;
  /** The same for searches that differ only in their seeds. */
  readonly group: string;
}

/**
 * Reads a sweep. Lists of a configuration are crossed; the last one varies fastest.
 * Throws `configuration-invalid` naming the faulty lines, and what reading a file throws.
 */
export async function readSweep(file: string): Promise<readonly SweptSearch[]> {
  const { value, place } = await readAnyConfiguration(file);
  const searches = Array.isArray(value)
    ? value.map((one: unknown, i) => swept(file, one, place.parts.get(String(i)) ?? place, i + 1))
    : crossed(file, value, place);
  if (searches.length === 0) throw configurationInvalid(`${file} holds no search.`);
  const names = new Map<string, number>();
  for (const { name } of searches) names.set(name, (names.get(name) ?? 0) + 1);
  const twice = [...names].find(([, times]) => times > 1);
  if (twice) throw configurationInvalid(`${file} asks for the same search twice: ${twice[0]}.`);
  return searches;
}

function swept(file: string, value: unknown, place: DocumentPlace, number: number): SweptSearch {
  return named(file, value, place, `search-${String(number).padStart(2, '0')}`);
}

/** Keys whose values are lists anyway: only a list of such lists is crossed. */
const lists = new Set(['scoringSize', 'deploymentSize']);

function crossed(file: string, value: unknown, place: DocumentPlace): SweptSearch[] {
  if (!isMapping(value)) return [named(file, value, place, '')]; // which says what is wrong
  const varied = Object.entries(value).flatMap(([key, choices]) => {
    if (!Array.isArray(choices)) return [];
    if (lists.has(key) && !choices.every((one) => Array.isArray(one))) return [];
    if (choices.length === 0) {
      const line = place.parts.get(key)?.line ?? place.line;
      throw configurationInvalid(`${file}:${line}: ${key} is an empty list.`);
    }
    return [{ key, choices: choices as readonly unknown[] }];
  });
  const count = countCombinations(varied);
  if (count > mostSearches) {
    throw configurationInvalid(
      `${file} asks for ${count} searches; at most ${mostSearches} are run.`,
    );
  }
  return combinationsOf(varied).map((chosen) => {
    const whole = { ...value, ...Object.fromEntries(chosen.map((one) => [one.key, one.value])) };
    const label = chosen.map((one) => labelOf(one.key, one.value, one.index)).join('-');
    return named(file, whole, place, label === '' ? 'search' : label);
  });
}

/** Such as `seed3` or `presetpaper`; a value that is not plain is named by its place in the list. */
function labelOf(key: string, value: unknown, index: number): string {
  const plain = ['string', 'number', 'boolean'].includes(typeof value) || value === null;
  const text = plain ? path.basename(String(value)) : String(index + 1);
  return `${key}${text}`.replace(/[^A-Za-z0-9.]+/g, '_').slice(0, 40);
}

function named(file: string, value: unknown, place: DocumentPlace, label: string): SweptSearch {
  const { asked, called } = checkedConfiguration(file, value, place);
  if (asked.run !== undefined) {
    throw configurationInvalid(
      `${called('run')}: a sweep names its runs itself, in the folder that it is given.`,
    );
  }
  assertConsistent(settingsAsked(asked), called);
  const name = `${label}-${digestOf(asked)}`;
  return { name, asked, called, group: digestOf({ ...asked, seed: undefined }) };
}

/** A digest of what is asked for, whatever the order of its keys: a different search is a different run. */
function digestOf(asked: SearchAsked | (Omit<SearchAsked, 'seed'> & { seed: undefined })): string {
  const entries = Object.entries(asked)
    .filter(([key, value]) => value !== undefined && key !== '$schema' && key !== 'version')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 8);
}
