/** Writes dist/THIRD_PARTY_NOTICES.txt once the last of the three sides is built. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { licenceProblems, notices } from './notices.ts';
import { closure, describePackage, packageFolder } from './packages.ts';

/** Which packages each side's bundle holds: vite loads its configuration anew for every side, so a file hands it on. */
const listName = (root: string, side: string) =>
  path.join(root, 'dist', `third-party-${side}.json`);

/** Notes which packages a side's bundle holds. */
export function notePackages(root: string): Plugin {
  return {
    name: 'zico:note-packages',
    apply: 'build',
    writeBundle(_, bundle) {
      const folders = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const id of chunk.moduleIds) {
          const folder = packageFolder(id);
          if (folder !== null) folders.add(folder);
        }
      }
      writeFileSync(listName(root, this.environment.name), JSON.stringify([...folders]));
    },
  };
}

/**
 * @param sides names of the built environments
 * @param loaded packages that are loaded from node_modules at run time
 * @throws Error, which ends the build, where a package names no licence or a forbidden one
 */
export function writeNotices(
  root: string,
  sides: readonly string[],
  loaded: readonly string[],
): void {
  const folders = new Set(closure(root, loaded));
  for (const side of sides) {
    const list = listName(root, side);
    for (const folder of JSON.parse(readFileSync(list, 'utf8')) as string[]) folders.add(folder);
    rmSync(list);
  }
  const packages = [...folders].map(describePackage);
  const problems = licenceProblems(packages);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  writeFileSync(path.join(root, 'dist/THIRD_PARTY_NOTICES.txt'), notices(root, packages));
}
