/**
 * Modules as PyTorch's exporter of today writes them: in metadata of nodes, a field that came into the format later than
 * the library that decodes files. So the bytes are walked through for it alone.
 * Fields: onnx.proto (ModelProto.graph 7, GraphProto.node 1, NodeProto.output 2 and metadata_props 9).
 */

const graphOfModel = 7;
const nodeOfGraph = 1;
const outputOfNode = 2;
const metadataOfNode = 9;
const keyOfEntry = 1;
const valueOfEntry = 2;

/** A list of Python's: the names of the modules around a node, outermost first, and the node's own. */
const scopesKey = 'pkg.torch.onnx.name_scopes';

interface Field {
  readonly number: number;
  /** The content of a field with a length; empty where it has none. */
  readonly content: Uint8Array;
}

/** Name of a node's first output -> path of the module that it belongs to. Damaged bytes end the walk. */
export function moduleScopes(bytes: Uint8Array): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const graph of contents(bytes, graphOfModel)) {
    for (const node of contents(graph, nodeOfGraph)) {
      const scopes = contents(node, metadataOfNode).flatMap(scopesOf).at(0);
      const [output] = contents(node, outputOfNode);
      // The last is the node itself, the first the network.
      const module = scopes?.at(-2);
      if (output && module) modules.set(textOf(output), module);
    }
  }
  return modules;
}

function scopesOf(entry: Uint8Array): readonly (readonly string[])[] {
  const [key] = contents(entry, keyOfEntry);
  const [value] = contents(entry, valueOfEntry);
  if (!key || !value || textOf(key) !== scopesKey) return [];
  return [[...textOf(value).matchAll(/'([^']*)'/g)].map(([, name]) => name!)];
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const contents = (message: Uint8Array, wanted: number): readonly Uint8Array[] =>
  fieldsOf(message).flatMap(({ number, content }) => (number === wanted ? [content] : []));

/** The fields of a message (https://protobuf.dev/programming-guides/encoding). */
function fieldsOf(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const start = at;
    const wire = tag % 8;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = varint();
      const from = at;
      at += length;
      if (!(at <= message.length)) break;
      fields.push({ number, content: message.subarray(from, at) });
    } else break;
    if (!(at > start)) break;
  }
  return fields;
}
