/** Files with several outputs, one or more of which nothing here can read. */
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../../main/errors.ts';
import { readReadableOutputs } from '../../../../main/graph/onnx/readable-outputs.ts';
import { encodeForeign, type ForeignNode } from '../../../support/foreign-onnx.ts';

const node = (opType: string, input: string, output: string): ForeignNode => ({
  ...{ opType, name: `${opType} of ${input}` },
  ...{ input: [input], output: [output] },
});
const read = (nodes: ForeignNode[], outputs: string[]) =>
  readReadableOutputs(encodeForeign({ nodes, outputs }), 'm.onnx', {});

describe('of several outputs', () => {
  it('those are read that can be, and the others are named', () => {
    const graph = read(
      [
        node('Sin', 'x', 'trunk'),
        node('Strange', 'trunk', 'odd'),
        node('Relu', 'odd', 'boxes'),
        node('Cos', 'trunk', 'logits'),
        node('Stranger', 'logits', 'ranks'),
      ],
      ['boxes', 'logits', 'ranks'],
    );
    expect(graph.outputs).toEqual(['logits']);
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(['Sin', 'Cos']);
    expect(graph.unread).toMatchObject({ outputs: ['boxes', 'ranks'], read: ['logits'] });
    expect(graph.unread!.reason).toContain('Strange');
  });

  it('those that can be are found where nodes have no names', () => {
    const nameless = (...of: Parameters<typeof node>) => ({ ...node(...of), name: '' });
    // What is read of the second round begins its counting after what the first left out.
    const graph = read(
      [
        nameless('Odd', 'x', 'a'),
        nameless('Odd', 'x', 'b'),
        nameless('Sin', 'x', 'c'),
        nameless('Odd', 'x', 'd'),
      ],
      ['a', 'b', 'c', 'd'],
    );
    expect(graph.unread).toMatchObject({ outputs: ['a', 'b', 'd'], read: ['c'] });
  });

  it('choices of a class are left out as they are of a file that can be read', () => {
    const graph = read(
      [node('Strange', 'x', 'odd'), node('Sin', 'x', 'maps'), node('ArgMax', 'maps', 'classes')],
      ['odd', 'classes'],
    );
    expect(graph).toMatchObject({ outputs: ['maps'], decided: true });
    expect(graph.unread).toMatchObject({ outputs: ['odd'], read: ['maps'] });
  });

  it('all are read where all can be', () => {
    const graph = read([node('Sin', 'x', 'a'), node('Cos', 'a', 'b')], ['a', 'b']);
    expect(graph).toMatchObject({ outputs: ['a', 'b'] });
    expect(graph.unread).toBeUndefined();
  });

  it('none is read where something strange leads to each', () => {
    const nodes = [node('Strange', 'x', 'a'), node('Cos', 'a', 'b'), node('Sin', 'a', 'c')];
    expect(() => read(nodes, ['b', 'c'])).toThrow(WorkbenchError);
    expect(() => read(nodes, ['b', 'c'])).toThrow(/Strange/);
  });
});
