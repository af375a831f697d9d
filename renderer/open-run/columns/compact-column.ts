/**
 * Numbers in the narrowest array that holds each of them exactly: most genes are small whole numbers, which take an
 * eighth of the memory that a Float64Array needs for them.
 */

type Narrow = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** From narrow to wide. */
const kinds = [Uint8Array, Float32Array, Float64Array] as const;

export class CompactColumn {
  #values: Narrow;
  #kind = 0;

  constructor(room: number) {
    this.#values = new Uint8Array(room);
  }

  /** Another array when the column has grown or a value needed a wider one. */
  get values(): Narrow {
    return this.#values;
  }

  /** Writes values from `at` on; there has to be room for them. */
  put(at: number, values: Float64Array): void {
    let kind = this.#kind;
    for (const value of values) if (value !== held(kind, value)) kind = kindOf(value);
    if (kind !== this.#kind) {
      this.#kind = kind;
      this.#values = new kinds[kind]!(this.#values);
    }
    this.#values.set(values, at);
  }

  /** Makes room for that many. */
  grow(room: number): void {
    const larger = new kinds[this.#kind]!(room);
    larger.set(this.#values);
    this.#values = larger;
  }
}

/** The value that an array of this kind returns for a value written to it. */
function held(kind: number, value: number): number {
  if (kind === 0) return value & 255;
  return kind === 1 ? Math.fround(value) : value;
}

/** Of a value that a narrower kind than the answer does not hold. */
function kindOf(value: number): number {
  return value === Math.fround(value) ? 1 : 2;
}
