/** What the objects of a pickle become: text, bytes and NumPy arrays, by the few calls that build such data. */
import type { Known } from '../common/known.ts';

/** What represents a Python object here. Byte strings have one character per byte. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Pickled[]
  | Map<Pickled, Pickled>
  | PickledArray
  | PickledCall;

/** A NumPy array, as its parts. */
export class PickledArray {
  shape: readonly number[] = [];
  /** NumPy's name of its type, such as u1. */
  dtype = '';
  data: Uint8Array = new Uint8Array();
}

/** A callable, or a NumPy type that will be that of an array. */
export class PickledCall {
  readonly name: string;
  readonly args: readonly Pickled[];

  constructor(name: string, args: readonly Pickled[] = []) {
    this.name = name;
    this.args = args;
  }
}

/** The message says what was found, without a full stop. */
export class NoPickle extends Error {}

/** Keys are bytes in Python 2 and strings in Python 3; they are treated alike here. */
export function pickledKey(key: Pickled): Pickled {
  return key instanceof Uint8Array ? String.fromCharCode(...key) : key;
}

export function pickledText(value: Pickled): string {
  const key = pickledKey(value);
  if (typeof key === 'string') return key;
  throw new NoPickle('it has no text where one has to be');
}

/** What a call that builds data gives. Throws NoPickle for any other. */
export function called(callable: Pickled, args: Pickled): Pickled {
  if (!(callable instanceof PickledCall) || !Array.isArray(args))
    throw new NoPickle('it calls something that is not a function');
  switch (callable.name) {
    case '_reconstruct':
    case '_reconstructor':
      return new PickledArray();
    case 'dtype':
      return new PickledCall('dtype', args);
    case 'encode':
      return Uint8Array.from(pickledText(args[0]!), (character) => character.charCodeAt(0));
    case 'bytes':
      return new Uint8Array();
    case 'OrderedDict':
      return new Map();
    case '_frombuffer': {
      const array = new PickledArray();
      array.data = bytesOf(args[0]!);
      array.dtype = dtypeOf(args[1]!);
      array.shape = numbersOf(args[2]!);
      return array;
    }
    default:
      throw new NoPickle(`it calls ${callable.name}, which no data need`);
  }
}

/** ndarray.__setstate__: version, shape, type, whether it is in Fortran order, bytes. */
export function built(object: Pickled, state: Pickled): Pickled {
  if (object instanceof PickledCall && object.name === 'dtype') return object; // byte order and the like
  if (!(object instanceof PickledArray) || !Array.isArray(state))
    throw new NoPickle('it sets up something that is not an array');
  const [, shape, dtype, fortran, data] = state as Known<Pickled>;
  if (fortran === true && Array.isArray(shape) && shape.length > 1)
    throw new NoPickle('its array is in Fortran order');
  object.shape = numbersOf(shape);
  object.dtype = dtypeOf(dtype);
  object.data = bytesOf(data);
  return object;
}

function dtypeOf(value: Pickled): string {
  if (!(value instanceof PickledCall)) throw new NoPickle('its array has no type');
  return pickledText(value.args[0] ?? null);
}

function bytesOf(value: Pickled): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string')
    return Uint8Array.from(value, (character) => character.charCodeAt(0));
  throw new NoPickle('its array has no bytes');
}

function numbersOf(value: Pickled): readonly number[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'number')) return value;
  throw new NoPickle('its array has no shape');
}
