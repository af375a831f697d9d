import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import type { Task } from '../../../main/task/batches.ts';
import { scorableNetwork } from '../../../main/score-model/scored-network.ts';
import {
  foreignNode as node,
  encodeForeign,
  floats,
  int,
  integers,
  ints,
} from '../../support/foreign-onnx.ts';

/** Outputs of N x these sizes, out of images of 3 x 64 x 64. */
const giving = (...shapes: readonly (readonly number[])[]) => givingFor('classification', shapes);

function givingFor(task: Task, shapes: readonly (readonly number[])[]) {
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const nodes = shapes.flatMap((_, i) => [
    {
      opType: 'ReduceMean',
      name: `mean${i}`,
      input: ['x'],
      output: [`m${i}`],
      attribute: [ints('axes', [1, 2, 3])],
    },
    { opType: 'Flatten', name: `flat${i}`, input: [`m${i}`], output: [`f${i}`] },
    { opType: 'MatMul', name: `fc${i}`, input: [`f${i}`, `w${i}`], output: [`p${i}`] },
    { opType: 'Reshape', name: `r${i}`, input: [`p${i}`, `s${i}`], output: [`y${i}`] },
  ]);
  const initializers = shapes.flatMap((shape, i) => [
    floats(`w${i}`, [1, size(shape)], new Array<number>(size(shape)).fill(1)),
    integers(`s${i}`, [-1, ...shape]),
  ]);
  const outputs = shapes.map((_, i) => `y${i}`);
  const image = [3, 64, 64] as const;
  return scorableNetwork(
    readOnnx(encodeForeign({ input: [null, 3, 64, 64], nodes, initializers, outputs }), 'm.onnx'),
    task,
    image,
  );
}

describe('outputs that no task scores', () => {
  it('are called a set of boxes where detection is asked for as well', () => {
    const set = [
      [10, 4],
      [10, 4],
    ];
    expect(() => givingFor('detection', set)).toThrow(/a set of 10 boxes/);
  });

  it('are called boxes of one scale, whichever output they are', () => {
    const [boxes, classes] = [
      [4, 27, 27],
      [2, 27, 27],
    ] as const;
    const first = /boxes are y0 \(N x 4 x 27 x 27\), beside y1 \(N x 2 x 27 x 27\)/;
    expect(() => givingFor('detection', [boxes, classes])).toThrow(first);
    const second = /boxes are y1 \(N x 4 x 27 x 27\), beside y0 \(N x 2 x 27 x 27\)/;
    expect(() => givingFor('detection', [classes, boxes])).toThrow(second);
    const landmarks = [10, 27, 27];
    expect(() => givingFor('detection', [landmarks, classes, boxes])).toThrow(/boxes are y2/);
  });

  it('are called a number for each pixel where they have no axis of channels', () => {
    expect(() => giving([64, 64])).toThrow(
      /"y0" is N x 64 x 64: a number for each pixel, as estimation of depth gives/,
    );
  });

  it.each(['classification', 'segmentation', 'detection'] as const)(
    'are called a set of masks, and not a map of classes, whatever is asked for: %s',
    (task) => {
      const set = [
        [8, 6],
        [8, 16, 16],
      ];
      expect(() => givingFor(task, set)).toThrow(
        /a set of 8 masks for each image, .* y0 \(N x 8 x 6\) and y1 \(N x 8 x 16 x 16\)/,
      );
    },
  );

  it.each([
    ['key points beside heat maps', [17, 2], [17, 16, 16]],
    ['key points with how visible they are', [17, 3], [17, 16, 16]],
    ['a map beside itself as a list', [64, 16], [64, 4, 4]],
  ] as const)('are not called a set of masks: %s', (_what, list, map) => {
    for (const shapes of [
      [list, map],
      [map, list],
    ])
      expect(() => givingFor('segmentation', shapes)).not.toThrow(/set of/);
  });

  it('are called pictures where they are larger than the image', () => {
    const larger = /y0 \(N x 3 x 128 x 128\) is larger than the image of 64 x 64: .* super-res/;
    expect(() => givingFor('segmentation', [[3, 128, 128]])).toThrow(larger);
  });

  it('are shown with their images where the file counts them, behind the steps of a text', () => {
    const nodes = [
      node('ReduceMean', ['x'], 'm', ints('axes', [2]), int('keepdims', 0)),
      node('Transpose', ['m'], 'y', ints('perm', [2, 0, 1])),
    ];
    const graph = readOnnx(encodeForeign({ input: [null, 3, 32, 48], nodes }), 'm.onnx', {
      ...{ batchSize: 2, image: [3, 32, 48] },
    });
    expect(graph.nodes).not.toHaveLength(0);
    expect(() => scorableNetwork(graph, 'classification', [3, 32, 48])).toThrow(
      /"y" is 48 x N x 3: 48 predictions of 3 numbers for each image, as recognition of text/,
    );
  });

  it('leave maps of several scales, and those whose boxes are not clear, to the loss', () => {
    const scales = [
      [2, 8, 8],
      [4, 4, 4],
    ];
    expect(givingFor('detection', scales).graph.outputs).toHaveLength(2);
    const alike = [
      [4, 8, 8],
      [4, 8, 8],
    ];
    expect(givingFor('detection', alike).graph.outputs).toHaveLength(2);
  });

  it.each<[string, readonly (readonly number[])[], RegExp]>([
    ['boxes and classes a cell', [[84, 6]], /84 places, as detectors of the YOLO kind/],
    ['the same turned round', [[22, 84]], /22 numbers .* 84 places/],
    ['three anchors a cell', [[252, 85]], /252 places/],
    [
      'those of one scale each',
      [
        [64, 10],
        [16, 10],
        [4, 10],
      ],
      /64 places/,
    ],
    [
      'a set of boxes with classes',
      [
        [10, 6],
        [10, 4],
      ],
      /a set of 10 boxes .* as DETR does: y0 \(N x 10 x 6\) and y1/,
    ],
    [
      'boxes and classes of five scales',
      [
        [86, 7],
        [86, 4],
      ],
      /7 numbers .* 86 places/,
    ],
    ['a sequence', [[12, 97]], /12 predictions of 97 numbers .* recognition of text/],
    [
      'features of several kinds',
      [
        [4, 4],
        [2, 3, 4, 5],
      ],
      /one prediction per image/,
    ],
    [
      'several outputs of none',
      [
        [2, 3, 4, 5],
        [2, 3, 4, 6],
      ],
      /2 outputs, none of which/,
    ],
  ])('are named: %s', (_what, shapes, message) => {
    expect(() => giving(...shapes)).toThrow(
      expect.objectContaining({
        code: 'shape-mismatch',
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it('leave logits alone', () => {
    expect(giving([10]).graph.outputs).toHaveLength(1);
    expect(giving([10, 1]).graph.outputs).toHaveLength(1);
  });
});
