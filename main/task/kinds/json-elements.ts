/**
 * The elements of the arrays at the top of a JSON file, found in one pass without building the document: COCO's
 * annotation files are larger than the longest string, and one batch needs a few elements only. For each
 * element, its place in the file and the fields asked for are reported.
 */
import { WorkbenchError } from '../../errors.ts';
import { notReadable, openData } from '../problems.ts';
import { noteBytes } from '../witness.ts';

export interface JsonElement {
  /** First byte and the byte after the last. */
  readonly start: number;
  readonly end: number;
  /** Line of the first byte, counted from 1. */
  readonly line: number;
  /** JSON text of the fields asked for, where they are there and scalar, or a flat array of scalars. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Name of a top-level array -> the fields asked for, and what is called with its elements. */
export type WantedElements = Readonly<
  Record<
    string,
    { readonly fields: readonly string[]; readonly take: (element: JsonElement) => void }
  >
>;

const chunkBytes = 2 ** 20;
const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const newline = 0x0a;
/** With which some Windows programs begin a text. */
const byteOrderMark = [0xef, 0xbb, 0xbf];
const isStructural = new Uint8Array(256);
for (const byte of [quote, colon, comma, openBrace, closeBrace, openBracket, closeBracket]) {
  isStructural[byte] = 1;
}
/**
 * What has no meaning deep inside an element: numbers, words, commas, colons, and white space except line ends.
 */
const passesDeep = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === newline || [quote, openBrace, closeBrace, openBracket, closeBracket].includes(byte)
    ? 0
    : 1,
);
/** The longest key or scalar that is kept. */
const longestToken = 4096;

/** Throws `data-not-readable`, and `json-malformed` naming the line. */
export async function scanJsonElements(file: string, wanted: WantedElements): Promise<void> {
  const handle = await openData(file);
  try {
    const scanner = new Scanner(file, wanted);
    const chunk = new Uint8Array(chunkBytes);
    let read = 0;
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes).catch((cause: unknown) => {
        throw notReadable(file, cause);
      });
      if (bytesRead === 0) break;
      scanner.feed(chunk.subarray(0, bytesRead));
      noteBytes(file, (read += bytesRead));
    }
    scanner.finish();
  } finally {
    await handle.close();
  }
}

class Scanner {
  private readonly file: string;
  private readonly wanted: WantedElements;
  /** Bytes before this chunk. */
  private base = 0;
  private line = 1;
  /** Open brackets, the outermost first. */
  private readonly stack: number[] = [];
  private inString = false;
  private escaped = false;
  /** The key or scalar that is being read, where it may matter: at depth 1, and directly inside an element. */
  private readonly token = new Uint8Array(longestToken);
  private tokenLength = 0;
  private topKey = '';
  private key = '';
  private array: WantedElements[string] | null = null;
  private start = 0;
  private startLine = 0;
  private fields = new Map<string, string>();
  /** While an array inside an element is being read that was asked for: its key. */
  private arrayKey = '';
  private closed = false;

  constructor(file: string, wanted: WantedElements) {
    this.file = file;
    this.wanted = wanted;
  }

  feed(chunk: Uint8Array): void {
    const marked = this.base === 0 && byteOrderMark.every((byte, at) => chunk[at] === byte);
    let i = marked ? byteOrderMark.length : 0;
    while (i < chunk.length) {
      // Most bytes are of no interest, such as the corners of outlines; short loops skip them.
      i = this.inString ? this.string(chunk, i) : this.plain(chunk, i);
      if (i === chunk.length) break;
      const byte = chunk[i]!;
      switch (byte) {
        case quote:
          this.inString = !this.inString;
          this.keep(byte);
          break;
        case colon:
          this.endKey();
          break;
        case comma:
          this.endValue();
          break;
        case openBrace:
        case openBracket:
          this.descend(byte, this.base + i);
          break;
        default:
          this.ascend(byte, this.base + i);
      }
      i += 1;
    }
    this.base += chunk.length;
  }

  /** Skips to the end of a string. @returns where its end is, or the chunk's */
  private string(chunk: Uint8Array, from: number): number {
    const keep = this.tokenMatters();
    let { escaped } = this;
    let i = from;
    for (; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === newline) throw this.malformed('a string runs over the end of its line');
      if (escaped) escaped = false;
      else if (byte === backslash) escaped = true;
      else if (byte === quote) break;
      if (keep) this.keep(byte);
    }
    this.escaped = escaped;
    return i;
  }

  /** Skips numbers, words and white space. @returns where the next quote, bracket, colon or comma is */
  private plain(chunk: Uint8Array, from: number): number {
    const keep = this.tokenMatters();
    const depth = this.stack.length;
    let i = from;
    for (; i < chunk.length; i++) {
      if (depth > 3 && !keep) while (i < chunk.length && passesDeep[chunk[i]!] === 1) i += 1;
      if (i >= chunk.length) break;
      const byte = chunk[i]!;
      if (byte <= 0x20) {
        if (byte === newline) this.line += 1;
        continue;
      }
      if (this.closed) throw this.malformed('something follows the end');
      if (isStructural[byte] === 1) break;
      if (keep) this.keep(byte);
      else if (depth === 0) throw this.malformed('it does not begin with {');
    }
    return i;
  }

  private keep(byte: number): void {
    if (this.tokenLength < longestToken && this.tokenMatters()) {
      this.token[this.tokenLength++] = byte;
    }
  }

  finish(): void {
    if (!this.closed) throw this.malformed(this.base === 0 ? 'it is empty' : 'it ends too early');
  }

  private tokenMatters(): boolean {
    const depth = this.stack.length;
    return depth === 1 || (depth === 3 && this.array !== null) || this.inArray();
  }

  /** Inside an array that is asked for, but not inside anything nested in it. */
  private inArray(): boolean {
    return this.arrayKey !== '' && this.stack.length === 4;
  }

  /** Compared byte by byte: most keys are of no interest, and a string for each would cost more. */
  private tokenIs(key: string): boolean {
    if (this.tokenLength !== key.length + 2) return false;
    for (let i = 0; i < key.length; i++) {
      if (this.token[i + 1] !== key.charCodeAt(i)) return false;
    }
    return true;
  }

  private takeToken(): string {
    const text = Buffer.from(this.token.buffer, 0, this.tokenLength).toString('utf8');
    this.tokenLength = 0;
    return text;
  }

  private endKey(): void {
    if (!this.tokenMatters()) return;
    if (this.stack.length === 1) this.topKey = this.takeToken().slice(1, -1);
    else this.key = this.array?.fields.find((field) => this.tokenIs(field)) ?? '';
    this.tokenLength = 0;
  }

  private endValue(): void {
    if (!this.tokenMatters()) return;
    // The token of an array is the whole of it.
    if (this.inArray()) return this.keep(comma);
    if (this.tokenLength > 0 && this.key !== '') this.fields.set(this.key, this.takeToken());
    this.tokenLength = 0;
    this.key = '';
  }

  private descend(byte: number, offset: number): void {
    const depth = this.stack.length;
    if (depth === 0 && byte !== openBrace) throw this.malformed('it does not begin with {');
    if (depth === 1) {
      const known = Object.hasOwn(this.wanted, this.topKey) ? this.wanted[this.topKey]! : null;
      this.array = byte === openBracket ? known : null;
    }
    if (depth === 2 && this.array) {
      if (byte !== openBrace)
        throw this.malformed(`"${this.topKey}" holds something other than objects`);
      this.start = offset;
      this.startLine = this.line;
      this.fields = new Map();
    }
    if (this.arrayKey !== '')
      this.arrayKey = ''; // an array of anything but numbers is of no interest
    else if (depth === 3 && this.array && byte === openBracket) this.arrayKey = this.key;
    this.tokenLength = 0;
    this.stack.push(byte);
    if (this.inArray()) this.keep(openBracket);
  }

  private ascend(byte: number, offset: number): void {
    const opened = this.stack.at(-1);
    const fits = byte === closeBrace ? opened === openBrace : opened === openBracket;
    if (!fits) throw this.malformed(`there is a ${String.fromCharCode(byte)} too many`);
    if (this.inArray()) {
      this.keep(closeBracket);
      this.fields.set(this.arrayKey, this.takeToken());
      this.arrayKey = '';
    } else this.endValue();
    this.stack.pop();
    const depth = this.stack.length;
    if (depth === 2 && this.array) {
      const { start, startLine: line, fields } = this;
      this.array.take({ start, end: offset + 1, line, fields });
    }
    if (depth === 1) this.array = null;
    if (depth === 0) this.closed = true;
  }

  private malformed(what: string): WorkbenchError {
    return new WorkbenchError(
      'json-malformed',
      `${this.file}, line ${this.line}: ${what}.`,
      'Write the file again; any JSON checker shows the place.',
    );
  }
}
