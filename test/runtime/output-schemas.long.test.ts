import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { outputSchemas, schemasFolder } from './output-schemas.ts';

it('the schemas of outputs that ship are those of the types (else: node test/runtime/output-schemas.ts)', () => {
  const made = outputSchemas();
  const shipped = readdirSync(schemasFolder).filter(
    (name) => !name.startsWith('search-configuration'),
  );
  expect(shipped.sort()).toEqual([...made.keys()].sort());
  for (const [name, schema] of made) {
    const text = readFileSync(path.join(schemasFolder, name), 'utf8');
    expect(JSON.parse(text), name).toEqual(JSON.parse(JSON.stringify(schema)));
  }
}, 120_000);
