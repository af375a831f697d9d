/** One line of a PyTorch `forward`: a node of the network and what it is written as. */

/** A number in a constructor: a literal, or a parameter of the class where instances differ in it. */
export interface Slot {
  /** Name of the parameter that it may become. */
  readonly role: string;
  readonly value: number;
}

/** What holds numbers: a module of torch.nn, a parameter or a buffer. */
export interface Leaf {
  readonly kind: 'module' | 'parameter' | 'buffer';
  readonly slots: readonly Slot[];
  /** Python that makes it, given an expression for each slot. */
  construct(slots: readonly string[]): string;
  /** Its tensors: key relative to the leaf (empty for parameters and buffers) -> initialiser. */
  readonly tensors: readonly (readonly [string, string])[];
}

export interface Step {
  /** Leaves that the step uses: their path in the module tree. */
  readonly leaves: readonly { readonly path: readonly string[]; readonly leaf: Leaf }[];
  /** Values that it reads and that nodes or the network's inputs make. */
  readonly inputs: readonly string[];
  readonly output: string;
  /** Word for a variable that holds the output. */
  readonly word: string;
  /** True for an elementwise function of one value, which belongs to what comes before it. */
  readonly activation: boolean;
  /** True where it is `leaf(x)` and nothing more. */
  readonly plainCall: boolean;
  /** Python, given expressions for inputs and leaves. */
  render(inputs: readonly string[], leaves: readonly string[]): string;
}
