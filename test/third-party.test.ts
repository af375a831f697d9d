import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { components, textFile } from './runtime/third-party/components.ts';
import { licenceProblems, notices } from './runtime/third-party/notices.ts';
import { closure, describePackage, packageFolder } from './runtime/third-party/packages.ts';

const root = path.join(import.meta.dirname, '..');
const named = (license: string | null) => ({
  name: 'thing',
  version: '1.0.0',
  license,
  text: null,
});

describe('licences of others', () => {
  it('a package that names none, or a forbidden one, ends the build', () => {
    expect(licenceProblems([named(null)])).toEqual(['thing 1.0.0 names no licence.']);
    expect(licenceProblems([named('GPL-3.0')])[0]).toContain('GPL-3.0, which is not allowed');
    expect(licenceProblems([named('MIT AND GPL-3.0')])).toHaveLength(1);
    expect(licenceProblems([named('MIT'), named('(BSD-3-Clause OR GPL-2.0)')])).toEqual([]);
  });

  it('what is loaded at run time is under allowed ones, with all that it needs', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const folders = closure(root, Object.keys(dependencies));
    expect(folders.length).toBeGreaterThan(Object.keys(dependencies).length);
    expect(licenceProblems(folders.map(describePackage))).toEqual([]);
  });

  it('every library and every data set that ships is among the components', () => {
    const known = (file: string) =>
      components.some(({ files }) => files.some((glob) => path.matchesGlob(file, glob)));
    const shipped = globSync(
      [
        'dist/native/lib*',
        'dist/tflite/*',
        'dist/runner/*/lib{c,stdc++,onnxruntime,tensorflowlite_c}.so*',
      ],
      {
        cwd: root,
      },
    );
    expect(shipped.filter((file) => !known(file))).toEqual([]);
    // Schemas are made of the product's own types.
    const assets = globSync('main/assets/*', { cwd: root }).filter(
      (name) => !/README\.md$|schemas$/.test(name),
    );
    const described = new Set(
      components.flatMap(({ files }) =>
        files.map((file) => file.replace('dist/main/assets/', '').split('/')[0]),
      ),
    );
    expect(
      assets.map((asset) => path.basename(asset)).filter((name) => !described.has(name)),
    ).toEqual([]);
  });

  it('the notices hold the text of each', () => {
    const text = notices(root, [
      { name: 'thing', version: '2', license: 'ISC', text: 'ISC words' },
    ]);
    expect(text).toContain('thing 2\nLicence: ISC\n\nISC words');
    expect(text).toContain('CIFAR-10');
    for (const { texts } of components) {
      for (const name of texts)
        expect(readFileSync(textFile(root, name), 'utf8').length).toBeGreaterThan(200);
    }
  });

  it('a module belongs to the package nearest to it', () => {
    const at = (...parts: string[]) => path.join('/x', ...parts);
    expect(packageFolder(at('node_modules/a/node_modules/@s/b/lib/i.js'))).toBe(
      at('node_modules/a/node_modules/@s/b'),
    );
    expect(packageFolder(at('main/cli.ts'))).toBe(null);
  });
});
