/**
 * One annotation file of Pascal VOC: <annotation> with <size> and an <object> for each box. Read with a
 * strict XML parser that knows its line, because people write these files by hand and by script.
 */
import { SaxesParser } from 'saxes';
import { readBytes } from '../pictures/bytes.ts';
import { UnusableFile } from '../problems.ts';

export interface VocObject {
  readonly name: string;
  /**
   * Edges in pixels. VOC counts pixels from 1 and means the pixels themselves, the last one included: the
   * box 1..1 covers the first pixel, from edge 0 to edge 1.
   */
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** The line where the object begins, counted from 1. */
  readonly line: number;
}

export interface VocAnnotation {
  /** As the file says; null where it does not. */
  readonly width: number | null;
  readonly height: number | null;
  readonly objects: readonly VocObject[];
}

/** Throws UnusableFile, naming the line. */
export async function readVocAnnotation(file: string): Promise<VocAnnotation> {
  return parseVocAnnotation(new TextDecoder().decode(await readBytes(file)), file);
}

/** Paths of the elements whose text counts, below <annotation>. */
const sizePath = /^annotation\/size\/(width|height)$/;
const objectPath = 'annotation/object';
const fieldPath = /^annotation\/object\/(?:bndbox\/)?(name|xmin|ymin|xmax|ymax)$/;

/** `file` is what errors call the text. Throws UnusableFile, naming the line. */
export function parseVocAnnotation(text: string, file: string): VocAnnotation {
  const parser = new SaxesParser({ position: true });
  const open: string[] = [];
  const size = new Map<string, string>();
  const objects: VocObject[] = [];
  let object = { line: 0, fields: new Map<string, string>() };
  let content = '';

  const fail = (reason: string): never => {
    throw new UnusableFile(file, `line ${parser.line}: ${reason}`);
  };
  // The parser's own messages begin with line and column.
  parser.on('error', ({ message }) =>
    fail(message.replace(/^(\d+:\d+: )+/, '').replace(/\.$/, '')),
  );
  parser.on('opentag', ({ name }) => {
    open.push(name);
    content = '';
    const at = open.join('/');
    if (open.length === 1 && at !== 'annotation') fail(`begins with <${name}>, not <annotation>`);
    if (at === objectPath) object = { line: parser.line, fields: new Map() };
  });
  parser.on('text', (part) => (content += part));
  parser.on('cdata', (part) => (content += part));
  parser.on('closetag', () => {
    const at = open.join('/');
    open.pop();
    const sizeField = sizePath.exec(at)?.[1];
    const field = fieldPath.exec(at)?.[1];
    if (sizeField !== undefined) size.set(sizeField, content.trim());
    if (field !== undefined) object.fields.set(field, content.trim());
    if (at === objectPath) objects.push(toObject(object.fields, object.line, file));
    content = '';
  });
  parser.write(text).close();

  const dimension = (name: string) => {
    const value = Number(size.get(name) ?? 0);
    // Some programs write 0 where they did not know.
    return Number.isFinite(value) && value > 0 ? value : null;
  };
  return { width: dimension('width'), height: dimension('height'), objects };
}

function toObject(fields: ReadonlyMap<string, string>, line: number, file: string): VocObject {
  const name = fields.get('name') ?? '';
  if (name === '') throw new UnusableFile(file, `line ${line}: the object has no <name>`);
  const edge = (field: string): number => {
    const text = fields.get(field);
    if (text === undefined || text === '') {
      throw new UnusableFile(file, `line ${line}: the object has no <${field}> in its <bndbox>`);
    }
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw new UnusableFile(file, `line ${line}: <${field}> is "${text}", not a number`);
  };
  return {
    name,
    x1: edge('xmin') - 1,
    y1: edge('ymin') - 1,
    x2: edge('xmax'),
    y2: edge('ymax'),
    line,
  };
}
