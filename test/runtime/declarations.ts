/** Writes dist/types: the declarations of the library, and of what they name. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** @param root of the project */
export function writeDeclarations(root: string): void {
  const types = path.join(root, 'dist/types');
  rmSync(types, { recursive: true, force: true });
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', 'main/library/tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  const needed = reachable(path.join(types, 'main/library/index.d.ts'));
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    const declared = path.join(types, file);
    if (file.endsWith('.d.ts') && !needed.has(declared)) rmSync(declared);
  }
}

/** The file and all that it imports, directly or not. */
function reachable(first: string): ReadonlySet<string> {
  const found = new Set([first]);
  for (const file of found) {
    const text = readFileSync(file, 'utf8');
    // What a type is inferred from is named in line, by import("…").
    for (const [, specifier] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      const next = path.resolve(path.dirname(file), specifier!.replace(/\.ts$/, '.d.ts'));
      if (existsSync(next)) found.add(next);
    }
  }
  return found;
}
