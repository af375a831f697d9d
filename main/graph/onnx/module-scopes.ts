/**
 * Modules as PyTorch's exporter of today writes them: in metadata of nodes, a field that came into the format later than
 * the library that decodes files. So the bytes are walked through for it alone.
 * Fields: onnx.proto (ModelProto.graph 7, GraphProto.node 1, NodeProto.output 2 and metadata_props 9).
 */
import { contents, utf8Of } from './message-fields.ts';

const graphOfModel = 7;
const nodeOfGraph = 1;
const outputOfNode = 2;
const metadataOfNode = 9;
const keyOfEntry = 1;
const valueOfEntry = 2;

/** A list of Python's: the names of the modules around a node, outermost first, and the node's own. */
const scopesKey = 'pkg.torch.onnx.name_scopes';

/** Name of a node's first output -> path of the module that it belongs to. Damaged bytes end the walk. */
export function moduleScopes(bytes: Uint8Array): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const graph of contents(bytes, graphOfModel)) {
    for (const node of contents(graph, nodeOfGraph)) {
      const scopes = contents(node, metadataOfNode).flatMap(scopesOf).at(0);
      const [output] = contents(node, outputOfNode);
      // The last is the node itself, the first the network.
      const module = scopes?.at(-2);
      if (output && module) modules.set(utf8Of(output), module);
    }
  }
  return modules;
}

function scopesOf(entry: Uint8Array): readonly (readonly string[])[] {
  const [key] = contents(entry, keyOfEntry);
  const [value] = contents(entry, valueOfEntry);
  if (!key || !value || utf8Of(key) !== scopesKey) return [];
  return [[...utf8Of(value).matchAll(/'([^']*)'/g)].map(([, name]) => name!)];
}
