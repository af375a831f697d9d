import { describe, expect, it } from 'vitest';
import onnxProto from 'onnx-proto';
import { moduleScopes } from '../../../../main/graph/onnx/module-scopes.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { encodeForeign, floats } from '../../../support/foreign-onnx.ts';

const { onnx } = onnxProto;

/** A field with a length, as protocol buffers write it. */
function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const length: number[] = [];
  for (let left = bytes.length; ; left = Math.floor(left / 128)) {
    length.push((left % 128) + (left >= 128 ? 128 : 0));
    if (left < 128) break;
  }
  return Uint8Array.of(number * 8 + 2, ...length, ...bytes);
}
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** A convolution whose weight the exporter named, with metadata that the writing library does not know. */
function exported(scopes: string, key = 'pkg.torch.onnx.name_scopes'): Uint8Array {
  const whole = onnx.ModelProto.decode(
    encodeForeign({
      nodes: [{ opType: 'Conv', name: 'node_conv', input: ['x', 'val_3'], output: ['conv2d'] }],
      initializers: [floats('val_3', [4, 3, 3, 3], new Array<number>(108).fill(0.5))],
    }),
  );
  const graph = onnx.GraphProto.fromObject(whole.graph!);
  const node = onnx.NodeProto.encode(graph.node[0]!).finish();
  const entry = joined(field(1, key), field(2, scopes));
  const model = onnx.ModelProto.create({ ...whole, graph: null });
  const nodeless = onnx.GraphProto.create({ ...graph, node: [] });
  return joined(
    onnx.ModelProto.encode(model).finish(),
    field(
      7,
      joined(
        field(1, joined(node, field(9, joined(field(1, 'other'), field(2, 'x'))), field(9, entry))),
        onnx.GraphProto.encode(nodeless).finish(),
      ),
    ),
  );
}

describe('modules in metadata', () => {
  it('name layers whose weights the exporter named', () => {
    const bytes = exported("['', 'features', 'features.0', 'conv2d']");
    expect([...moduleScopes(bytes)]).toEqual([['conv2d', 'features.0']]);
    const graph = readOnnx(bytes, 'm.onnx');
    expect([...graph.initializers.keys()]).toEqual(['features.0.weight']);
  });

  it.each([
    ['of the network alone', exported("['', 'conv2d']")],
    ['of an unknown form', exported('features.0')],
    ['under another key', exported("['', 'a', 'b']", 'namespace')],
  ])('%s name nothing', (_what, bytes) => {
    expect(moduleScopes(bytes).size).toBe(0);
    expect([...readOnnx(bytes, 'm.onnx').initializers.keys()]).toEqual(['val_3']);
  });

  it('in bytes that end anywhere, or are flipped, are no fault', () => {
    const bytes = exported("['', 'features', 'features.0', 'conv2d']");
    for (let at = 0; at < bytes.length; at++) {
      expect(moduleScopes(bytes.subarray(0, at)).size).toBeLessThan(2);
      expect(moduleScopes(bytes.with(at, 255)).size).toBeLessThan(2);
    }
  });
});
