/** From JSON to a description: every complaint names the path in the file and what would be valid. */
import type { z } from 'zod';
import { readInputFile } from '../files.ts';
import { DescriptionError, invalid } from './description-error.ts';
import { Faults } from './faults.ts';
import { descriptionSchema, type SpaceDescription } from '../common/space-description.ts';
import { knownKeys, validAt } from './valid.ts';

type Issue = z.core.$ZodIssue;

const hintToSpaces = 'docs/spaces.md shows what a space looks like.';
/** Descriptions have about a dozen levels; files from elsewhere may have any number. */
const mostNested = 64;

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

/** Throws `file-not-found`, `file-not-readable`, `space-invalid`. */
export async function readDescription(file: string): Promise<SpaceDescription> {
  const text = new TextDecoder().decode(await readInputFile(file));
  return parseDescription(parseJson(text, file));
}

/**
 * @param file what the text is called, for the error
 * Throws `space-invalid`.
 */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DescriptionError('', `${file} is not JSON: ${reason}.`, hintToSpaces, { cause });
  }
}

/** Throws `space-invalid`. */
export function parseDescription(value: unknown): SpaceDescription {
  const faults = new Faults();
  if (!isShallow(value, mostNested)) {
    throw new DescriptionError(
      '',
      'The description is nested too deeply for any space.',
      hintToSpaces,
    );
  }
  for (const path of emptyLists(value, [])) {
    const valid = `Give at least one value. ${validAt(path)}`;
    faults.add(invalid(pathText(path), 'there is nothing to choose from', valid));
  }
  const parsed = descriptionSchema.safeParse(value);
  // The deepest first: it says most about what was meant.
  const issues = parsed.success ? [] : parsed.error.issues.map(deepest);
  issues.sort((a, b) => b.path.length - a.path.length);
  for (const issue of issues) faults.add(complaint(issue, value));
  faults.end();
  return parsed.data as SpaceDescription;
}

function emptyLists(value: unknown, path: PropertyKey[]): PropertyKey[][] {
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Array && value.length === 0)
    return path.length === 0 || (path.length === 1 && path[0] === 'baselines') ? [] : [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    emptyLists(inner, [...path, value instanceof Array ? Number(key) : key]),
  );
}

/** Of a union, the issue at which the alternative that fitted best failed. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const candidates = issue.errors.flatMap((errors) =>
    errors.slice(0, 1).map((inner) => {
      const found = deepest(inner);
      return { ...found, path: [...issue.path, ...found.path] };
    }),
  );
  const rank = (one: Issue) => one.path.length * 2 + Number(one.code === 'unrecognized_keys');
  const best = candidates.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  return rank(best) > issue.path.length * 2 ? best : issue;
}

function complaint(issue: Issue, file: unknown): DescriptionError {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const known = knownKeys(valueAt(file, issue.path), issue.path);
    return invalid(path === '' ? key : `${path}.${key}`, 'this key is unknown', known);
  }
  const found = JSON.stringify(valueAt(file, issue.path));
  if (found === undefined) return invalid(path || 'the file', 'it is missing', validAt(issue.path));
  if (issue.code === 'invalid_union')
    return invalid(path, `${found} is not one of the values allowed here`, validAt(issue.path));
  return invalid(
    path || 'the file',
    `${found} does not fit: ${issue.message.replace(/\.$/, '')}`,
    validAt(issue.path),
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
