/** Uses of ONNX operators that reading puts together from others: image `x` in, `y` out, two images. */
import {
  AttributeType,
  DataType,
  floats,
  int,
  integers,
  ints,
  text,
  type ForeignAttribute,
  type ForeignNode,
  type ForeignTensor,
} from './foreign-onnx.ts';

const float = (name: string, f: number): ForeignAttribute => ({
  name,
  type: AttributeType.FLOAT,
  f,
});
const booleans = (name: string, dims: number[], values: number[]): ForeignTensor => ({
  name,
  dims,
  dataType: DataType.BOOL,
  rawData: Uint8Array.from(values),
});
const node = (
  opType: string,
  input: string[],
  output: string,
  ...attribute: ForeignAttribute[]
): ForeignNode => ({ opType, name: `${opType}-${output}`, input, output: [output], attribute });

export interface ComposedCase {
  readonly nodes: readonly ForeignNode[];
  readonly initializers?: readonly ForeignTensor[];
  readonly opset?: number;
  /** Channels and sizes of the image; 3 x 4 x 5 unless stated. */
  readonly image?: readonly number[];
  /** Values are made positive. */
  readonly positive?: boolean;
}

const one = (opType: string, ...attribute: ForeignAttribute[]): ComposedCase => ({
  nodes: [node(opType, ['x'], 'y', ...attribute)],
});
const half = floats('half', [], [0.25]);
const other = floats('other', [3, 1, 1], [-0.5, 0.1, 0.6]);
const withOther = (opType: string, ...attribute: ForeignAttribute[]): ComposedCase => ({
  nodes: [node(opType, ['x', 'other'], 'y', ...attribute)],
  initializers: [other],
});
/** Indices into the first axes, as constants. */
const indexed = (
  opType: string,
  shape: number[],
  indices: number[],
  ...attribute: ForeignAttribute[]
): ComposedCase => ({
  nodes: [node(opType, ['x', 'indices'], 'y', ...attribute)],
  initializers: [integers('indices', indices, shape)],
});
/** Parts of the image, doubled, written to other places. */
const scattered = (
  shape: number[],
  indices: number[],
  updates: number[],
  ...attribute: ForeignAttribute[]
): ComposedCase => ({
  nodes: [
    node('Exp', ['x'], 'e'),
    node('Reshape', ['e', 'flat'], 'f'),
    node('Slice', ['f', 'start', 'end'], 's'),
    node('Reshape', ['s', 'updates'], 'u'),
    node('ScatterND', ['x', 'indices', 'u'], 'y', ...attribute),
  ],
  initializers: [
    integers('indices', indices, shape),
    integers('flat', [-1]),
    integers('start', [0]),
    integers('end', [updates.reduce((a, b) => a * b, 1)]),
    integers('updates', updates),
  ],
  opset: 16,
});
/** A comparison, cast to numbers. */
const compared = (opType: string): ComposedCase => ({
  nodes: [node(opType, ['x', 'other'], 'c'), node('Cast', ['c'], 'y', int('to', 1))],
  initializers: [other],
});
const folds = [ints('strides', [2, 2]), ints('pads', [1, 0, 0, 0])];
/** Numbers that no initialiser holds: nothing trains them. */
const numbers = (name: string, values: number[]): ForeignNode =>
  node('Constant', [], name, { name: 'value_floats', type: AttributeType.FLOATS, floats: values });
const padded = (mode: string, pads: number[], value?: number): ComposedCase => ({
  nodes: [
    node(
      'Pad',
      value === undefined ? ['x', 'pads'] : ['x', 'pads', 'value'],
      'y',
      text('mode', mode),
    ),
  ],
  initializers: [
    integers('pads', pads),
    ...(value === undefined ? [] : [floats('value', [], [value])]),
  ],
});
const einsum = (equation: string, initializers: readonly ForeignTensor[] = []): ComposedCase => ({
  nodes: [
    node(
      'Einsum',
      ['x', ...initializers.map(({ name }) => name!)],
      'y',
      text('equation', equation),
    ),
  ],
  initializers,
});
const table = floats(
  'table',
  [5, 4],
  Array.from({ length: 20 }, (_, i) => Math.sin(i)),
);
const cubic = (...attributes: ForeignAttribute[]): ComposedCase => ({
  nodes: [node('Resize', ['x', '', 'scales'], 'y', text('mode', 'cubic'), ...attributes)],
  initializers: [floats('scales', [4], [1, 1, 2, 1.6])],
});

export const composedCases: Readonly<Record<string, ComposedCase>> = {
  ReduceL1: one('ReduceL1', ints('axes', [1, 3])),
  ReduceL2: one('ReduceL2', ints('axes', [1]), int('keepdims', 0)),
  'ReduceL2 of padded places, which are zero': {
    nodes: [
      node('Pad', ['x', 'pads'], 'padded'),
      node('Conv', ['padded', 'kernel'], 'keys'),
      node('ReduceL2', ['keys'], 'norms', ints('axes', [1])),
      node('Add', ['norms', 'half'], 'above'),
      node('Div', ['keys', 'above'], 'y'),
    ],
    initializers: [
      integers('pads', [0, 0, 0, 0, 0, 0, 2, 1]),
      floats('kernel', [3, 3, 1, 1], [0.4, -0.3, 0.2, 0.1, 0.7, -0.6, 0.5, 0.3, -0.2]),
      half,
    ],
  },
  ReduceSumSquare: one('ReduceSumSquare', ints('axes', [-1])),
  ReduceLogSum: { ...one('ReduceLogSum', ints('axes', [2])), positive: true },
  ReduceLogSumExp: one('ReduceLogSumExp', ints('axes', [1]), int('keepdims', 0)),
  ReduceMax: one('ReduceMax', ints('axes', [1])),
  ReduceMin: one('ReduceMin', ints('axes', [2, 3])),
  Selu: one('Selu'),
  'Selu with its own numbers': one('Selu', float('alpha', 1.2), float('gamma', 0.9)),
  Celu: one('Celu', float('alpha', 0.6)),
  Softsign: one('Softsign'),
  Softplus: one('Softplus'),
  Mish: { ...one('Mish'), opset: 18 },
  ThresholdedRelu: one('ThresholdedRelu', float('alpha', 0.2)),
  Shrink: one('Shrink', float('lambd', 0.3), float('bias', 0.1)),
  'LRN over an odd number of channels': one('LRN', int('size', 3), float('alpha', 0.3)),
  'LRN over more channels than there are': one(
    'LRN',
    int('size', 5),
    float('bias', 2),
    float('beta', 0.5),
  ),
  LogSoftmax: one('LogSoftmax', int('axis', 1)),
  'LogSoftmax of opset 11': { ...one('LogSoftmax', int('axis', 1)), opset: 11 },
  'Max of three': {
    nodes: [node('Max', ['x', 'other', 'half'], 'y')],
    initializers: [other, half],
  },
  'Min of one': one('Min'),
  'Sum of three': { nodes: [node('Sum', ['x', 'other', 'x'], 'y')], initializers: [other] },
  'Mean of two': { nodes: [node('Mean', ['x', 'other'], 'y')], initializers: [other] },
  Greater: compared('Greater'),
  Less: compared('Less'),
  GreaterOrEqual: compared('GreaterOrEqual'),
  LessOrEqual: compared('LessOrEqual'),
  Equal: compared('Equal'),
  'And, Or, Xor and Not of comparisons': {
    nodes: [
      node('Greater', ['x', 'other'], 'a'),
      node('Less', ['x', 'half'], 'b'),
      node('And', ['a', 'b'], 'c'),
      node('Or', ['a', 'c'], 'd'),
      node('Not', ['b'], 'e'),
      node('Xor', ['d', 'e'], 'f'),
      node('Cast', ['f'], 'y', int('to', 1)),
    ],
    initializers: [other, half],
  },
  'a truth made of numbers': {
    nodes: [
      node('Relu', ['x'], 'r'),
      node('Cast', ['r'], 'b', int('to', 9)),
      node('Where', ['b', 'x', 'half'], 'y'),
    ],
    initializers: [half],
  },
  'Where with a stored condition and infinity': {
    nodes: [
      node('Where', ['condition', 'x', 'least'], 'w'),
      node('Softmax', ['w'], 'y', int('axis', 3)),
    ],
    initializers: [
      booleans('condition', [1, 1, 1, 5], [1, 0, 1, 1, 0]),
      floats('least', [], [-Infinity]),
    ],
  },
  'Pow with an exponent a channel': { ...withOther('Pow'), positive: true },
  'Pow with one number': {
    nodes: [node('Pow', ['x', 'half'], 'y')],
    initializers: [half],
    positive: true,
  },
  'Pad with a value': padded('constant', [0, 0, 1, 2, 0, 0, 3, 0], 0.7),
  'Pad with minus infinity': padded('constant', [0, 0, 1, 0, 0, 0, 0, 1], -Infinity),
  'Pad that crops and fills': padded('constant', [0, 0, -1, 2, 0, 0, 0, -2], 0.5),
  'Pad by reflection': padded('reflect', [0, 0, 2, 3, 0, 0, 1, 4]),
  'Pad by the edge': padded('edge', [0, 1, 2, 0, 0, 0, 6, 1]),
  Tile: {
    nodes: [node('Tile', ['x', 'repeats'], 'y')],
    initializers: [integers('repeats', [1, 2, 1, 3])],
  },
  SpaceToDepth: { ...one('SpaceToDepth', int('blocksize', 2)), image: [3, 4, 6] },
  'DepthToSpace, rows and columns first': {
    ...one('DepthToSpace', int('blocksize', 2)),
    image: [8, 3, 5],
  },
  'DepthToSpace, channels first': {
    ...one('DepthToSpace', int('blocksize', 2), text('mode', 'CRD')),
    image: [8, 3, 5],
  },
  GatherND: indexed('GatherND', [2, 3], [0, 1, 2, 1, -1, 0]),
  'GatherND in every image': indexed(
    'GatherND',
    [2, 3, 2],
    [0, 1, 2, 3, 1, -1, 2, 2, 0, 0, 1, 1],
    int('batch_dims', 1),
  ),
  'GatherND of single numbers': indexed(
    'GatherND',
    [2, 2, 4],
    [0, 1, 2, 3, 1, 2, 0, 4, 1, 0, 3, 2, 0, 0, 0, 0],
  ),
  ScatterND: scattered([3, 2], [0, 2, 1, 0, 1, 2], [3, 4, 5]),
  'ScatterND of single numbers': scattered([2, 4], [0, 2, 3, 4, 1, 0, -1, 1], [2]),
  'ScatterND that adds up': scattered(
    [3, 2],
    [0, 2, 1, 0, 0, 2],
    [3, 4, 5],
    text('reduction', 'add'),
  ),
  CumSum: { nodes: [node('CumSum', ['x', 'axis'], 'y')], initializers: [integers('axis', [2])] },
  'CumSum from the back, without its own': {
    nodes: [node('CumSum', ['x', 'axis'], 'y', int('exclusive', 1), int('reverse', 1))],
    initializers: [integers('axis', [-1])],
  },
  'Einsum of a matrix': einsum('nchw,wk->nchk', [table]),
  'Einsum that sums and turns': einsum('n c h w , w k -> k n h', [table]),
  'Einsum of itself': {
    nodes: [node('Einsum', ['x', 'x'], 'y', text('equation', 'nchw,ndhw->ncd'))],
  },
  'Einsum with an ellipsis': einsum('...w,wk->...k', [table]),
  'Einsum without an arrow': einsum('nchw,wk', [table]),
  'Einsum of one': einsum('nchw->nwhc'),
  'Resize by cubes': cubic(text('coordinate_transformation_mode', 'half_pixel')),
  'Resize by cubes, corners aligned': cubic(
    text('coordinate_transformation_mode', 'align_corners'),
    float('cubic_coeff_a', -0.5),
  ),
  'Resize by cubes of what is inside': cubic(int('exclude_outside', 1)),
  'a convolution over one axis': {
    nodes: [
      node('Reshape', ['x', 'rows'], 'r'),
      node(
        'Conv',
        ['r', 'w', 'b'],
        'y',
        ints('pads', [1, 2]),
        ints('strides', [2]),
        ints('kernel_shape', [3]),
      ),
    ],
    initializers: [
      integers('rows', [0, 3, 20]),
      floats(
        'w',
        [2, 3, 3],
        Array.from({ length: 18 }, (_, i) => Math.cos(i)),
      ),
      floats('b', [2], [0.3, -0.2]),
    ],
  },
  'a pool over one axis': {
    nodes: [
      node('Reshape', ['x', 'rows'], 'r'),
      node('MaxPool', ['r'], 'y', ints('kernel_shape', [3]), ints('strides', [2])),
    ],
    initializers: [integers('rows', [0, 3, 20])],
  },
  'a pool over the first of three axes': {
    nodes: [
      node('Unsqueeze', ['x', 'axes'], 'u'),
      node(
        'AveragePool',
        ['u'],
        'y',
        ints('kernel_shape', [3, 1, 1]),
        ints('pads', [1, 0, 0, 1, 0, 0]),
        int('count_include_pad', 1),
      ),
    ],
    initializers: [integers('axes', [1])],
  },
  ...Object.fromEntries(
    ['first', 'second', 'last'].map((name, along) => [
      `a convolution over three axes, one place wide along the ${name}`,
      {
        nodes: [
          node('Unsqueeze', ['x', 'axes'], 'u'),
          node(
            'Conv',
            ['u', 'k', 'b'],
            'y',
            ints('pads', [1, 0, 1, 0, 1, 1].with(along, 0).with(along + 3, 0)),
            ints('strides', [2, 1, 2].with(along, 1)),
          ),
        ],
        initializers: [
          integers('axes', [1]),
          floats(
            'k',
            [2, 1, ...[2, 3, 2].with(along, 1)],
            Array.from({ length: 24 / [2, 3, 2][along]! }, (_, i) => Math.cos(i)),
          ),
          floats('b', [2], [0.3, -0.2]),
        ],
      },
    ]),
  ),
  ...Object.fromEntries(
    [
      { strides: [1, 1, 2], pads: [0, 0, 0, 0, 0, 0] },
      { strides: [1, 2, 1], pads: [0, 1, 0, 0, 0, 1] },
      { strides: [1, 2, 2], pads: [0, 1, 1, 0, 0, 1] },
      { strides: [2, 1, 1], pads: [0, 0, 1, 0, 0, 0] },
    ].map(({ strides, pads }) => [
      `a convolution of single places in strides ${strides.join()} with pads ${pads.join()}`,
      {
        nodes: [
          node('Reshape', ['x', 'volume'], 'v'),
          node('Conv', ['v', 'k', 'b'], 'y', ints('strides', strides), ints('pads', pads)),
        ],
        initializers: [
          integers('volume', [0, 3, 2, 2, 5]),
          floats('k', [2, 3, 1, 1, 1], [0.5, -0.4, 0.3, 0.7, 0.2, -0.6]),
          floats('b', [2], [0.3, -0.2]),
        ],
      },
    ]),
  ),
  ...Object.fromEntries(
    ['SAME_UPPER', 'SAME_LOWER'].map((mode) => [
      `a convolution padded by ${mode}`,
      {
        nodes: [node('Conv', ['x', 'k'], 'y', ints('strides', [2, 3]), text('auto_pad', mode))],
        initializers: [
          floats(
            'k',
            [2, 3, 4, 3],
            Array.from({ length: 72 }, (_, i) => Math.cos(i)),
          ),
        ],
      },
    ]),
  ),
  'IsNaN of a softmax, as masked attention asks': {
    nodes: [
      node('Softmax', ['x'], 's', int('axis', -1)),
      node('IsNaN', ['s'], 'n'),
      node('Where', ['n', 'half', 's'], 'y'),
    ],
    initializers: [half],
  },
  'Where of constants, which stay numbers with a fraction': {
    nodes: [
      numbers('a', [0.75, -100, 0.5, 1.5, -0.25]),
      numbers('b', [-0.5, 0.5, -1.25, 2.5, 3.5]),
      node('Where', ['mask', 'a', 'b'], 'w'),
      node('Add', ['x', 'w'], 'y'),
    ],
    initializers: [booleans('mask', [5], [1, 0, 1, 0, 0])],
  },
  'Mod of constants, with the sign of the divided one': {
    nodes: [
      numbers('a', [-7.5, 7.5, -0.5, 3, -3]),
      numbers('b', [2, -2, 2, 2, -2]),
      node('Mod', ['a', 'b'], 'm', int('fmod', 1)),
      node('Add', ['x', 'm'], 'y'),
    ],
  },
  'a constant that was cast to half precision': {
    nodes: [
      node('Cast', ['three'], 'h', int('to', 10)),
      node('Cast', ['h'], 'f', int('to', 1)),
      node('Div', ['x', 'f'], 'y'),
    ],
    initializers: [integers('three', [3], [])],
  },
  RMSNormalization: {
    nodes: [node('RMSNormalization', ['x', 'gain'], 'y', int('axis', -2))],
    initializers: [
      floats(
        'gain',
        [4, 5],
        Array.from({ length: 20 }, (_, i) => 1 + Math.sin(i)),
      ),
    ],
    opset: 23,
  },
  'Attention of heads that lie apart, capped': {
    nodes: [
      node('Sin', ['x'], 'k'),
      node('Cos', ['x'], 'v'),
      node('Attention', ['x', 'k', 'v'], 'y', float('scale', 0.7), float('softcap', 2)),
    ],
    opset: 23,
  },
  'Attention of heads side by side, with a mask of truth': {
    nodes: [
      node('Reshape', ['x', 'flat'], 'q'),
      node('Sin', ['q'], 'k'),
      node('Cos', ['q'], 'v'),
      node(
        'Attention',
        ['q', 'k', 'v', 'mask'],
        'y',
        int('q_num_heads', 2),
        int('kv_num_heads', 2),
      ),
    ],
    initializers: [
      integers('flat', [0, 0, -1]),
      booleans('mask', [3, 3], [1, 0, 1, 1, 1, 0, 0, 1, 1]),
    ],
    opset: 23,
  },
  'Attention with a mask of truth that the images decide': {
    nodes: [
      node('Sin', ['x'], 'k'),
      node('Transpose', ['x'], 't', ints('perm', [0, 1, 3, 2])),
      node('MatMul', ['x', 't'], 'near'),
      node('Greater', ['near', 'half'], 'apart'),
      node('Not', ['apart'], 'seen'),
      node('Unsqueeze', ['seen', 'behind'], 'wide'),
      node('Squeeze', ['wide', 'behind'], 'mask'),
      node('Attention', ['x', 'k', 'k', 'mask'], 'y'),
    ],
    initializers: [half, integers('behind', [4])],
    opset: 23,
  },
  'Attention with a mask of numbers that the images decide': {
    nodes: [
      node('Sin', ['x'], 'k'),
      node('MatMul', ['x', 'turn'], 'mask'),
      node('Attention', ['x', 'k', 'k', 'mask'], 'y'),
    ],
    initializers: [
      floats(
        'turn',
        [5, 4],
        Array.from({ length: 20 }, (_, i) => Math.cos(i)),
      ),
    ],
    opset: 23,
  },
  'attention taken apart, with a mask that the images decide': {
    nodes: [
      node('Sin', ['x'], 'k'),
      node('Transpose', ['k'], 't', ints('perm', [0, 1, 3, 2])),
      node('MatMul', ['x', 't'], 's'),
      node('Greater', ['s', 'half'], 'seen'),
      node('Where', ['seen', 's', 'hidden'], 'm'),
      node('Softmax', ['m'], 'p', int('axis', -1)),
      node('IsNaN', ['p'], 'none'),
      node('Where', ['none', 'zero', 'p'], 'q'),
      node('MatMul', ['q', 'k'], 'y'),
    ],
    initializers: [half, floats('hidden', [], [-Infinity]), floats('zero', [], [0])],
    opset: 20,
  },
  'Attention with a mask that is added': {
    nodes: [node('Sin', ['x'], 'k'), node('Attention', ['x', 'k', 'k', 'bias'], 'y')],
    initializers: [
      floats(
        'bias',
        [1, 3, 4, 4],
        Array.from({ length: 48 }, (_, i) => Math.cos(i)),
      ),
    ],
    opset: 23,
  },
  'overlapping blocks that are added up': {
    // Six numbers of two channels, blocks of 3 x 1 at 2 x 2 places of a padded image of 4 x 3.
    nodes: [
      node('Reshape', ['x', 'six'], 'r'),
      node('Col2Im', ['r', 'size', 'block'], 'y', ...folds),
    ],
    initializers: [integers('six', [0, 6, 4]), integers('size', [4, 3]), integers('block', [3, 1])],
    image: [6, 2, 2],
    opset: 18,
  },
  'places that are put together of rows and columns': {
    // x[:, [[0, 2], [0, 2]], [[1, 1], [3, 0]]] of indices that no file would write out.
    nodes: [
      node('Expand', ['rows', 'square'], 'r'),
      node('Unsqueeze', ['r', 'behind'], 'rs'),
      node('Unsqueeze', ['columns', 'behind'], 'cs'),
      node('Concat', ['rs', 'cs'], 'places', int('axis', -1)),
      node('Transpose', ['x'], 't', ints('perm', [2, 3, 0, 1])),
      node('GatherND', ['t', 'places'], 'y'),
    ],
    initializers: [
      integers('rows', [0, 2], [1, 2]),
      integers('columns', [1, 1, 3, 0], [2, 2]),
      integers('square', [2, 2]),
      integers('behind', [-1]),
    ],
    opset: 15,
  },
  'steps, of numbers': {
    nodes: [
      node('Mul', ['x', 'ten'], 't'),
      node('Round', ['t'], 'a'),
      node('Floor', ['t'], 'b'),
      node('Ceil', ['t'], 'c'),
      node('Sign', ['x'], 'd'),
      node('Sum', ['a', 'b', 'c', 'd'], 'y'),
    ],
    initializers: [floats('ten', [], [10])],
  },
  'waves, of numbers': {
    nodes: [node('Sin', ['x'], 'a'), node('Cos', ['x'], 'b'), node('Mul', ['a', 'b'], 'y')],
  },
};
