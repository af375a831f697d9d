/**
 * Python's pickles as data: a pickle is a program that may call anything, so only those calls are known that
 * build NumPy arrays and strings, and they are carried out here; any other is refused by name. Opcodes:
 * CPython's Lib/pickletools.py.
 */
import {
  built,
  PickledCall,
  called,
  pickledKey,
  NoPickle,
  pickledText,
  type Pickled,
} from './pickled.ts';

const known =
  /^(numpy(\._?core)?(\.multiarray|\.numeric)? (_reconstruct|ndarray|dtype|_frombuffer|scalar)|_codecs encode|builtins bytes|copyreg _reconstructor|collections OrderedDict)$/;
const mark = Symbol('mark');
type Slot = Pickled | typeof mark;

/** @throws NoPickle */
export function readPickle(bytes: Uint8Array): Pickled {
  return new Machine(bytes).run();
}

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  readonly #stack: Slot[] = [];
  readonly #memo = new Map<number, Pickled>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): Pickled {
    for (;;) {
      const code = String.fromCharCode(this.#take(1)[0]!);
      if (code === '.') return this.#pop();
      this.#step(code);
    }
  }

  #step(code: string): void {
    switch (code) {
      case '\x80': // PROTO
        this.#take(1);
        break;
      case '\x95': // FRAME
        this.#take(8);
        break;
      case '(':
        this.#stack.push(mark);
        break;
      case '0': // POP
        this.#stack.pop();
        break;
      case '1': // POP_MARK
        this.#toMark();
        break;
      case '2': // DUP
        this.#stack.push(this.#top());
        break;
      case 'N':
        this.#stack.push(null);
        break;
      case '\x88':
      case '\x89':
        this.#stack.push(code === '\x88');
        break;
      case 'K':
        this.#stack.push(this.#take(1)[0]!);
        break;
      case 'M':
        this.#stack.push(this.#number(2));
        break;
      case 'J': {
        this.#take(4);
        this.#stack.push(this.#view.getInt32(this.#at - 4, true));
        break;
      }
      case 'G': {
        this.#take(8);
        this.#stack.push(this.#view.getFloat64(this.#at - 8));
        break;
      }
      case '\x8a': // LONG1
        this.#stack.push(this.#long(this.#take(1)[0]!));
        break;
      case 'I': {
        const line = this.#line();
        this.#stack.push(line === '01' ? true : line === '00' ? false : Number(line));
        break;
      }
      case 'L':
        this.#stack.push(Number(this.#line().replace(/L$/, '')));
        break;
      case 'F':
        this.#stack.push(Number(this.#line()));
        break;
      case 'S':
        this.#stack.push(this.#line().replace(/^(['"])(.*)\1$/s, '$2'));
        break;
      case 'V':
        this.#stack.push(this.#line());
        break;
      case 'U': // SHORT_BINSTRING
      case 'C': // SHORT_BINBYTES
        this.#stack.push(this.#take(this.#take(1)[0]!));
        break;
      case 'T': // BINSTRING
      case 'B': // BINBYTES
        this.#stack.push(this.#take(this.#number(4)));
        break;
      case '\x8e': // BINBYTES8
      case '\x96': // BYTEARRAY8
        this.#stack.push(this.#take(this.#number(8)));
        break;
      case 'X':
        this.#stack.push(this.#text(this.#number(4)));
        break;
      case '\x8c':
        this.#stack.push(this.#text(this.#take(1)[0]!));
        break;
      case '\x8d':
        this.#stack.push(this.#text(this.#number(8)));
        break;
      case ']':
      case ')':
        this.#stack.push([]);
        break;
      case '}':
        this.#stack.push(new Map());
        break;
      case 'l':
      case 't':
        this.#stack.push(this.#toMark());
        break;
      case '\x85':
      case '\x86':
      case '\x87': {
        const count = code.charCodeAt(0) - 0x84;
        const items = Array.from({ length: count }, () => this.#pop());
        this.#stack.push(items.reverse());
        break;
      }
      case 'd':
        this.#stack.push(mapOf(this.#toMark()));
        break;
      case 'a': {
        const item = this.#pop();
        this.#list().push(item);
        break;
      }
      case 'e': {
        const items = this.#toMark();
        this.#list().push(...items);
        break;
      }
      case 's': {
        const value = this.#pop();
        const key = this.#pop();
        this.#map().set(pickledKey(key), value);
        break;
      }
      case 'u': {
        const items = this.#toMark();
        const map = this.#map();
        for (const [key, value] of mapOf(items)) map.set(key, value);
        break;
      }
      case 'p':
        this.#memo.set(Number(this.#line()), this.#top());
        break;
      case 'q':
        this.#memo.set(this.#take(1)[0]!, this.#top());
        break;
      case 'r':
        this.#memo.set(this.#number(4), this.#top());
        break;
      case '\x94':
        this.#memo.set(this.#memo.size, this.#top());
        break;
      case 'g':
        this.#stack.push(this.#recalled(Number(this.#line())));
        break;
      case 'h':
        this.#stack.push(this.#recalled(this.#take(1)[0]!));
        break;
      case 'j':
        this.#stack.push(this.#recalled(this.#number(4)));
        break;
      case 'c':
        this.#global(this.#line(), this.#line());
        break;
      case '\x93': {
        const name = pickledText(this.#pop());
        this.#global(pickledText(this.#pop()), name);
        break;
      }
      case 'R': {
        const args = this.#pop();
        const callable = this.#pop();
        this.#stack.push(called(callable, args));
        break;
      }
      case 'b': {
        const state = this.#pop();
        this.#stack.push(built(this.#pop(), state));
        break;
      }
      default:
        throw new NoPickle(
          `it has the opcode 0x${code.charCodeAt(0).toString(16)}, which no data need`,
        );
    }
  }

  #global(module: string, name: string): void {
    if (!known.test(`${module} ${name}`))
      throw new NoPickle(`it calls ${module}.${name}, which no data need`);
    this.#stack.push(new PickledCall(name));
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new NoPickle('it ends in the middle');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Unsigned, little-endian. */
  #number(length: number): number {
    const value = this.#take(length).reduceRight((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(value)) throw new NoPickle('it has a length beyond any file');
    return value;
  }

  /** Signed, little-endian, of any length that a number here can hold. */
  #long(length: number): number {
    const bytes = this.#take(length);
    if (length > 7) throw new NoPickle('it has a number of more than 52 bits');
    const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
    return length > 0 && bytes[length - 1]! > 0x7f ? value - 256 ** length : value;
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new NoPickle('it ends in the middle');
    const line = this.#text(end - this.#at);
    this.#at += 1;
    return line;
  }

  #text(length: number): string {
    return new TextDecoder().decode(this.#take(length));
  }

  #pop(): Pickled {
    const top = this.#top();
    this.#stack.pop();
    return top;
  }

  #top(): Pickled {
    const top = this.#stack.at(-1);
    if (top === undefined || top === mark) throw new NoPickle('it takes what is not there');
    return top;
  }

  #toMark(): Pickled[] {
    const at = this.#stack.lastIndexOf(mark);
    if (at < 0) throw new NoPickle('it takes what is not there');
    return this.#stack.splice(at).slice(1) as Pickled[];
  }

  #list(): Pickled[] {
    const list = this.#top();
    if (Array.isArray(list)) return list;
    throw new NoPickle('it appends to something that is not a list');
  }

  #map(): Map<Pickled, Pickled> {
    const map = this.#top();
    if (map instanceof Map) return map;
    throw new NoPickle('it sets a key of something that is not a dictionary');
  }

  #recalled(id: number): Pickled {
    const value = this.#memo.get(id);
    if (value === undefined) throw new NoPickle('it recalls what is not there');
    return value;
  }
}

function mapOf(items: readonly Pickled[]): Map<Pickled, Pickled> {
  const map = new Map<Pickled, Pickled>();
  for (let i = 0; i + 1 < items.length; i += 2) map.set(pickledKey(items[i]!), items[i + 1]!);
  return map;
}
