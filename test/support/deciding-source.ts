/**
 * A digest of the source code that decides bits: of what it does, not of how it reads. Comments, types, texts of
 * errors, names of files and the order of declarations do not count, so that rewording and moving code keeps it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.join(import.meta.dirname, '../..');

export interface Closure {
  /** Paths in the repository, with "/" between folders; sorted. */
  readonly files: readonly string[];
  /** Packages that these files import; sorted. */
  readonly packages: readonly string[];
}

/**
 * The given files and every file that they load, directly or not. Imports of types alone load
 * nothing.
 * @param outside files that are not followed
 */
export function closureOf(roots: readonly string[], outside: (file: string) => boolean): Closure {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file) || outside(file)) return;
    files.add(file);
    for (const name of imported(withoutTypes(read(file)))) {
      if (name.startsWith('node:')) continue;
      if (!name.startsWith('.')) {
        packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
        continue;
      }
      const target = path.posix.join(path.posix.dirname(file), name);
      if (!existsSync(path.join(root, target))) throw new Error(`${file} imports ${name}`);
      if (target.endsWith('.ts')) visit(target);
    }
  };
  roots.forEach(visit);
  return { files: [...files].sort(), packages: [...packages].sort() };
}

/** Line ends are normalised: a checkout may change them. */
const read = (file: string): string =>
  readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');

/** The source as JavaScript, without comments. */
function withoutTypes(source: string): ts.SourceFile {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      removeComments: true,
    },
    transformers: { after: [withoutErrorTexts] },
  });
  return ts.createSourceFile('source.js', outputText, ts.ScriptTarget.ESNext, true);
}

/** Drops the texts in `new WorkbenchError(...)` and the like; that something is refused still counts. */
const withoutErrorTexts: ts.TransformerFactory<ts.SourceFile> = (context) => (source) => {
  const visit = (node: ts.Node): ts.Node =>
    ts.isNewExpression(node) && /Error$/.test(node.expression.getText(source))
      ? ts.factory.createNewExpression(node.expression, undefined, [])
      : ts.visitEachChild(node, visit, context);
  return ts.visitEachChild(source, visit, context);
};

function imported(source: ts.SourceFile): readonly string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (named && ts.isStringLiteral(named)) names.push(named.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** The declarations and statements of a TypeScript file, one text each; imports and exports are left out. */
export function statementsIn(source: string): readonly string[] {
  return withoutTypes(source).statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return [];
    const text = statement.getText().replace(/^export (default )?/, '');
    return text === '"use strict";' ? [] : [text.replace(/\s+/g, ' ')];
  });
}

/** C++ source without comments, as one text. */
export function nativeStatementsIn(source: string): readonly string[] {
  const plain = source.replace(
    /("(?:\\.|[^"\\\n])*")|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_all, text: string | undefined) => text ?? ' ',
  );
  return [plain.replace(/\s+/g, ' ').trim()];
}

/** The statements of a file in the repository, in TypeScript or C++. */
export const statementsOf = (file: string): readonly string[] =>
  (file.endsWith('.ts') ? statementsIn : nativeStatementsIn)(read(file));

/** Files below a folder of the repository whose path within it matches; sorted. */
export function sourcesBelow(folder: string, matching: RegExp): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => matching.test(file))
    .map((file) => `${folder}/${file}`)
    .sort();
}

/** A digest of statements, whatever their order. */
export function digestOf(statements: readonly string[]): string {
  return createHash('sha256')
    .update([...statements].sort().join('\0'))
    .digest('hex');
}

/** Versions to which these packages are pinned, such as `pure-rand@8.4.2`. */
export function versionsOf(packages: readonly string[]): readonly string[] {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  return packages.map((name) => `${name}@${dependencies[name] ?? 'unknown'}`);
}
