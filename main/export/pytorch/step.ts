/** One line of a PyTorch `forward`: a node of the network and the Python it becomes. */

/** A number in a constructor: a literal, or a parameter of the class if instances differ in it. */
export interface Slot {
  /** Name of the parameter, should it become one. */
  readonly role: string;
  readonly value: number;
}

/** A holder of weights: a torch.nn module, a parameter or a buffer. */
export interface Leaf {
  readonly kind: 'module' | 'parameter' | 'buffer';
  readonly slots: readonly Slot[];
  /** Python that constructs it, given an expression for each slot. */
  construct(slots: readonly string[]): string;
  /** Its tensors: key relative to the leaf (empty for parameters and buffers) -> initialiser. */
  readonly tensors: readonly (readonly [string, string])[];
}

export interface Step {
  /** Leaves that the step uses, with their paths in the module tree. */
  readonly leaves: readonly { readonly path: readonly string[]; readonly leaf: Leaf }[];
  /** Values that it reads: outputs of nodes, or inputs of the network. */
  readonly inputs: readonly string[];
  readonly output: string;
  /** Name for a variable that holds the output. */
  readonly word: string;
  /** True for an elementwise function of one value, which belongs to what comes before it. */
  readonly activation: boolean;
  /** True where it is `leaf(x)` and nothing more. */
  readonly plainCall: boolean;
  /** Python, given expressions for inputs and leaves. */
  render(inputs: readonly string[], leaves: readonly string[]): string;
}
