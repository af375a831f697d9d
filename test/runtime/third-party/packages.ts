/** npm packages that a build carries: those that the bundler put into it, and those it loads at run time. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression; null where the package names none. */
  readonly license: string | null;
  /** Its own licence file; null where it has none. */
  readonly text: string | null;
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string | { readonly type?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageJson;

/** The folder of the package that a module belongs to; null for modules of the project itself. */
export function packageFolder(moduleId: string): string | null {
  const file = moduleId.replace(/^\0/, '').replace(/\?.*$/, '');
  const place = file.lastIndexOf(`node_modules${path.sep}`);
  if (place < 0) return null;
  const [scope = '', name = ''] = file.slice(place + 'node_modules/'.length).split(path.sep);
  const own = scope.startsWith('@') ? path.join(scope, name) : scope;
  return path.join(file.slice(0, place), 'node_modules', own);
}

/** Folders of packages and of all that they need, as far as it is installed on this platform. */
export function closure(root: string, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string): void => {
    const folder = resolve(name, from);
    if (folder === null || found.has(folder)) return;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = read(folder);
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies }))
      visit(next, folder);
  };
  for (const name of names) visit(name, root);
  return [...found];
}

/** As Node looks for it: in the nearest node_modules above. */
function resolve(name: string, from: string): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (folder === path.dirname(folder)) return null;
  }
}

export function describePackage(folder: string): NpmPackage {
  const { name = path.basename(folder), version = '', license } = read(folder);
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  const named = typeof license === 'string' ? license : (license?.type ?? null);
  const text = file === undefined ? null : readFileSync(path.join(folder, file), 'utf8');
  // Some name it in their file alone.
  const titled = text !== null && /^\W*(the )?mit license/i.test(text) ? 'MIT' : null;
  return { name, version, license: named ?? titled, text };
}
