/** What commands print is what their schemas say (main/assets/schemas). */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeWorkbench, run } from './fake-workbench.ts';

const schemas = path.join(import.meta.dirname, '../../main/assets/schemas');

let folder: string;
let file: string;
const search = ['search', '--search', 'nsga2', '--population', '4', '--candidates', '6', '--json'];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-schemas-'));
  file = path.join(folder, 'a.zico');
  await run([...search, '--run', file], { services: fakeWorkbench([2]) });
});
afterAll(() => rm(folder, { recursive: true }));

async function schemaNamed(name: string): Promise<z.ZodType> {
  const text = await readFile(path.join(schemas, `${name}-1.json`), 'utf8');
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
}

describe('a schema takes what its command prints', () => {
  it.each([
    ['search', () => [...search, '--run', path.join(folder, 'b.zico')]],
    ['candidates', () => ['candidates', file, '--json']],
    ['runs', () => ['runs', folder, '--json']],
    ['score', () => ['score', '--space', 'nats-sss', '8:8:8:8:8', '--json']],
    ['sample', () => ['sample', 'nats-sss', '--count', '2', '--json']],
    ['build', () => ['build', 'nats-sss', '8:8:8:8:8', '--json']],
    ['operators', () => ['operators', '--json']],
    ['data', () => ['data', 'kinds', '--json']],
    ['phones', () => ['phones', '--json']],
    ['error', () => ['score', 'none.onnx', '--json']],
  ])('%s', async (name, args) => {
    const { stdout } = await run(args(), { services: fakeWorkbench([2]) });
    const schema = await schemaNamed(name);
    const printed: unknown = JSON.parse(stdout);
    expect(schema.safeParse(printed).error?.issues ?? []).toEqual([]);
    // A schema that takes anything says nothing.
    expect(schema.safeParse('nothing of the kind').success).toBe(false);
  });
});
