/**
 * JSON schemas of what commands print with --json, made of the types of what they print: every call of `print` in
 * main/cli/commands, or of `JSON.stringify` where there is none. `node test/runtime/output-schemas.ts` writes them to main/assets/schemas.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { configurationJsonSchema } from '../../main/asked/configuration-schema.ts';
import { configurationVersion } from '../../main/asked/configuration.ts';

/** Of the outputs' form. A key that is added keeps it; one that is renamed, taken away or means something else does not. */
export const outputVersion = 1;

const root = path.join(import.meta.dirname, '../..');
export const schemasFolder = path.join(root, 'main/assets/schemas');

export type Schema = Readonly<Record<string, unknown>>;

/** File name -> schema. */
export function outputSchemas(): ReadonlyMap<string, Schema> {
  const entry = path.join(root, 'main/cli/run.ts');
  const read = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { config } = read as { readonly config?: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const types = path.join(root, 'main/asked/js-yaml.d.ts');
  const program = ts.createProgram([entry, types], { ...options, incremental: false });
  const commands = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(path.join(root, 'main/cli/commands/')));
  const schemas = commands.flatMap((file): [string, Schema][] => {
    const printed = printedTypes(file, program.getTypeChecker());
    if (printed.length === 0) return [];
    const command = path.basename(file.fileName, '.ts');
    return [[`${command}-${outputVersion}.json`, schemaOf(command, printed, program)]];
  });
  return new Map(
    [...schemas, [`error-${outputVersion}.json`, errorSchema]].sort() as typeof schemas,
  );
}

const head = (name: string): Schema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: `${name}-${outputVersion}.json`,
  title: `What "zico ${name} --json" prints, version ${outputVersion}`,
});

const errorSchema: Schema = {
  ...head('error'),
  title: `What any command prints with --json where it fails, version ${outputVersion}`,
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: Object.fromEntries(
        ['code', 'message', 'hint'].map((key) => [key, { type: 'string' }]),
      ),
      required: ['code', 'message', 'hint'],
    },
  },
  required: ['error'],
};

/** The value that each call of `print` is given; of a command that prints lines as they come, what these are. */
function printedTypes(file: ts.SourceFile, checker: ts.TypeChecker): ts.Type[] {
  const printed = argumentsOf(file, checker, 'print', 2);
  return printed.length > 0 ? printed : argumentsOf(file, checker, 'JSON.stringify', 0);
}

function argumentsOf(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  called: string,
  place: number,
): ts.Type[] {
  const found: ts.Type[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === called) {
      found.push(checker.getTypeAtLocation(node.arguments[place]!));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function schemaOf(command: string, types: readonly ts.Type[], program: ts.Program): Schema {
  const writer = new Writer(program.getTypeChecker());
  const schemas = types.map((type) => writer.schema(type));
  return {
    ...head(command),
    ...anyOf(schemas),
    ...(writer.definitions.size > 0 && {
      definitions: Object.fromEntries([...writer.definitions].sort()),
    }),
  };
}

/** In an order that does not depend on what the compiler saw first. */
function anyOf(schemas: readonly Schema[]): Schema {
  const byText = new Map(schemas.map((one) => [JSON.stringify(one), one]));
  const different = [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, schema]) => schema);
  return different.length === 1 ? different[0]! : { anyOf: different };
}

/** As JSON.stringify writes a value of the type: functions and undefined are not there. */
class Writer {
  readonly definitions = new Map<string, Schema>();
  readonly #checker: ts.TypeChecker;
  readonly #names = new Map<ts.Type, string>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  schema(type: ts.Type): Schema {
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLiteral) return { const: (type as ts.StringLiteralType).value };
    if (flags & ts.TypeFlags.NumberLiteral) return { const: (type as ts.NumberLiteralType).value };
    if (flags & ts.TypeFlags.BooleanLiteral) {
      return { const: this.#checker.typeToString(type) === 'true' };
    }
    if (flags & (ts.TypeFlags.StringLike | ts.TypeFlags.TemplateLiteral)) return { type: 'string' };
    if (flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) return {};
    if (type.isUnion()) return this.#union(type);
    if (type.isIntersection()) {
      // A brand says nothing about what is written.
      const plain = type.types.find(
        (one) => one.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike),
      );
      if (plain) return this.schema(plain);
    }
    return this.#object(type);
  }

  #union(type: ts.UnionType): Schema {
    const parts = type.types.filter((one) => !(one.flags & ts.TypeFlags.Undefined));
    const isLiteral = (one: ts.Type): boolean => one.isStringLiteral() || one.isNumberLiteral();
    const literals = parts.filter(isLiteral);
    const others = parts.filter((one) => !isLiteral(one));
    const booleans = others.filter((one) => one.flags & ts.TypeFlags.BooleanLiteral);
    const whole = booleans.length === 2;
    const schemas: Schema[] = [
      ...(literals.length > 0
        ? [{ enum: literals.map((one) => (one as ts.LiteralType).value).sort() }]
        : []),
      ...(whole ? [{ type: 'boolean' }] : []),
      ...others.filter((one) => !(whole && booleans.includes(one))).map((one) => this.schema(one)),
    ];
    return anyOf(schemas);
  }

  /** Objects with a name stand once, which ends what refers to itself. */
  #object(type: ts.Type): Schema {
    if (this.#checker.isTupleType(type)) {
      const items = this.#checker.getTypeArguments(type as ts.TypeReference);
      return {
        type: 'array',
        items: items.map((one) => this.schema(one)),
        minItems: (type as ts.TupleTypeReference).target.minLength,
      };
    }
    if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: this.schema(item!) };
    }
    const name = type.aliasSymbol?.name ?? (type.isClassOrInterface() ? type.symbol.name : null);
    if (name === null || type.aliasTypeArguments !== undefined) return this.#properties(type);
    const known = this.#names.get(type);
    if (known !== undefined) return { $ref: `#/definitions/${known}` };
    const taken = [...this.#names.values()].filter(
      (one) => one.replace(/\d+$/, '') === name,
    ).length;
    const own = taken === 0 ? name : `${name}${taken + 1}`;
    this.#names.set(type, own);
    this.definitions.set(own, this.#properties(type));
    return { $ref: `#/definitions/${own}` };
  }

  #properties(type: ts.Type): Schema {
    const written = this.#checker.getPropertiesOfType(type).flatMap((property) => {
      const of = this.#checker.getTypeOfSymbol(property);
      if (of.getCallSignatures().length > 0 || property.name.startsWith('__')) return [];
      const optional =
        (property.flags & ts.SymbolFlags.Optional) !== 0 ||
        (of.flags & ts.TypeFlags.Undefined) !== 0 ||
        (of.isUnion() && of.types.some((one) => one.flags & ts.TypeFlags.Undefined));
      const about = ts.displayPartsToString(property.getDocumentationComment(this.#checker));
      const schema = this.schema(of);
      // Nothing may stand beside a reference.
      const told = about === '' || '$ref' in schema ? schema : { ...schema, description: about };
      return [{ name: property.name, optional, schema: told }];
    });
    const index = this.#checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      ...(written.length > 0 && {
        properties: Object.fromEntries(written.map(({ name, schema }) => [name, schema])),
        required: written.flatMap(({ name, optional }) => (optional ? [] : [name])).sort(),
      }),
      ...(index && { additionalProperties: this.schema(index) }),
    };
  }
}

if (process.argv[1] === import.meta.filename) {
  const configuration = configurationJsonSchema();
  const made = [
    ...outputSchemas(),
    [`search-configuration-${configurationVersion}.json`, configuration],
  ];
  for (const [name, schema] of made as [string, Schema][]) {
    writeFileSync(path.join(schemasFolder, name), `${JSON.stringify(schema, null, 2)}\n`);
  }
}
