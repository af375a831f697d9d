/** A page reads and writes only where the person pointed: there is no way for it to say where. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { farmAddress } from '../../main/farm/address.ts';
import { methods } from '../../preload/contract.ts';
import { methodNames } from '../../preload/names.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [key: string]: unknown;
}

/** Every field of a method's arguments, however deep, that has a name of a place. */
function places(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(places);
  const { properties = {} } = schema as Schema;
  const named = Object.keys(properties).filter((name) =>
    /path|file|folder|director|url/i.test(name),
  );
  return [...named, ...Object.values(schema).flatMap(places)];
}

const found = Object.entries(methods).flatMap(([method, { args }]) =>
  places(z.toJSONSchema(args, { unrepresentable: 'any' })).map((name) => `${method} ${name}`),
);

describe('the contract', () => {
  it('takes a place from the bridge’s own drop only, which asks Electron for it', () => {
    // The address of a farm is that of a Redis and of nothing else (farm/address.ts), so no file is named by it.
    expect(() => farmAddress('file:///etc/passwd', false)).toThrow(/is not the address/);
    expect(found.sort()).toEqual([
      'data.dropped path',
      'farm.connect url',
      'graphs.dropped path',
      'models.dropped paths',
      'runs.dropped paths',
      'trained.dropped path',
    ]);
    expect(
      [...(methodNames as ReadonlySet<string>)].filter((name) => name.endsWith('.dropped')),
    ).toEqual([]);
  });
});
