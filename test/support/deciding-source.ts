/**
 * A digest of source that decides bits: of what it does, not of how it reads. Comments, types, the texts of
 * errors, the names of files and the order of declarations do not count, so that wording and moves keep it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.join(import.meta.dirname, '../..');

export interface Closure {
  /** Below the repository, with "/" between folders; sorted. */
  readonly files: readonly string[];
  /** Packages that they import; sorted. */
  readonly packages: readonly string[];
}

/**
 * Every file that the given ones load, however far away, and they themselves. Imports of types alone load
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

/** Line ends do not count: a checkout may change them. */
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

/** `new WorkbenchError(...)` and the like say in words what is refused; that it is refused stays. */
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

/** What TypeScript declares and does, one text a statement; where names come from and go to is left out. */
export function statementsIn(source: string): readonly string[] {
  return withoutTypes(source).statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return [];
    const text = statement.getText().replace(/^export (default )?/, '');
    return text === '"use strict";' ? [] : [text.replace(/\s+/g, ' ')];
  });
}

/** C++ without comments, as one text. */
export function nativeStatementsIn(source: string): readonly string[] {
  const plain = source.replace(
    /("(?:\\.|[^"\\\n])*")|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_all, text: string | undefined) => text ?? ' ',
  );
  return [plain.replace(/\s+/g, ' ').trim()];
}

/** Of files below the repository, in TypeScript or C++. */
export const statementsOf = (file: string): readonly string[] =>
  (file.endsWith('.ts') ? statementsIn : nativeStatementsIn)(read(file));

/** Files below a folder of the repository whose path in it matches; sorted. */
export function sourcesBelow(folder: string, matching: RegExp): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => matching.test(file))
    .map((file) => `${folder}/${file}`)
    .sort();
}

/** Of statements in any order. */
export function digestOf(statements: readonly string[]): string {
  return createHash('sha256')
    .update([...statements].sort().join('\0'))
    .digest('hex');
}

/** Of these packages, the versions that the product is pinned to: `pure-rand@8.4.2`. */
export function versionsOf(packages: readonly string[]): readonly string[] {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  return packages.map((name) => `${name}@${dependencies[name] ?? 'unknown'}`);
}
