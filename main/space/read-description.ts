/** From JSON to a description: every complaint names the path in the file and what would be valid. */
import type { z } from 'zod';
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';
import { invalid } from './check.ts';
import {
  descriptionSchema,
  networkSchema,
  stageSchema,
  type SpaceDescription,
} from './description.ts';

type Issue = z.core.$ZodIssue;

/** Throws `file-not-found`, `file-not-readable`, `space-invalid`. */
export async function readDescription(file: string): Promise<SpaceDescription> {
  const text = new TextDecoder().decode(await readInputFile(file));
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'space-invalid',
      `${file} is no JSON: ${reason}.`,
      'docs/spaces.md shows what a space looks like.',
      { cause },
    );
  }
  return parseDescription(value);
}

/** Throws `space-invalid`. */
export function parseDescription(value: unknown): SpaceDescription {
  const empty = emptyList(value, []);
  if (empty !== null)
    throw invalid(pathText(empty), 'there is nothing to choose from', 'Give at least one value.');
  const parsed = descriptionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues
    .map(deepest)
    .reduce((a, b) => (b.path.length > a.path.length ? b : a));
  throw complaint(issue, value);
}

function emptyList(value: unknown, path: PropertyKey[]): PropertyKey[] | null {
  if (typeof value !== 'object' || value === null) return null;
  if (value instanceof Array && value.length === 0)
    return path.length === 1 && path[0] === 'baselines' ? null : path;
  for (const [key, inner] of Object.entries(value)) {
    const found = emptyList(inner, [...path, value instanceof Array ? Number(key) : key]);
    if (found !== null) return found;
  }
  return null;
}

/** The issue that an alternative of a union came to grief with, of the alternative that fitted furthest. */
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

function complaint(issue: Issue, file: unknown): WorkbenchError {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const known = knownKeys(valueAt(file, issue.path), issue.path);
    return invalid(path === '' ? key : `${path}.${key}`, 'this key is unknown', known);
  }
  const found = JSON.stringify(valueAt(file, issue.path)) ?? 'nothing';
  if (issue.code === 'invalid_union')
    return invalid(path, `${found} is none of what can stand here`, `${unionHint(issue.path)}`);
  return invalid(
    path || 'the file',
    `${found} does not fit: ${issue.message.replace(/\.$/, '')}`,
    unionHint(issue.path),
  );
}

function unionHint(path: readonly PropertyKey[]): string {
  const key = String(path.filter((one) => typeof one === 'string').at(-1));
  if (key === 'convolution') return 'Use "regular", "depthwise", {"group": 32}, or a list of them.';
  if (
    [
      'channels',
      'kernel',
      'repeats',
      'expansion',
      'width',
      'blocks',
      'modules',
      'bottlenecks',
      'layers',
      'depth',
    ].includes(key)
  )
    return 'Use a whole number from 1 on, a list of them, or {"from", "to", "step"}.';
  if (key === 'block')
    return `Use one of ${stageSchema.options.map((one) => one.shape.block.value).join(', ')}.`;
  return 'docs/spaces.md lists what can stand here.';
}

/** What may stand in an object, told by what it is. */
function knownKeys(value: unknown, path: readonly PropertyKey[]): string {
  const list = (shape: object) => `Valid keys are ${Object.keys(shape).join(', ')}.`;
  const { block } = value as { block?: unknown };
  const stage = stageSchema.options.find((one) => one.shape.block.value === block);
  if (stage) return list(stage.shape);
  if (path.length === 0) return list(descriptionSchema.shape);
  if (path.at(-1) === 'network') return list(networkSchema.shape);
  if (path.at(-1) === 'resolution') return list(descriptionSchema.shape.resolution.shape);
  return 'docs/spaces.md lists the keys that can stand here.';
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
