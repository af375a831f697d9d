/** Parameters and multiply-accumulates of a network, without running it. */
import type { Graph, LayerSummary, NetworkSummary, Node } from './graph.ts';
import { inferShapes } from './infer-shapes.ts';
import { featureMapOf, findLayers } from './layers.ts';
import { definitionOf, traitsOf } from './operators/index.ts';
import { elements, type Shape } from './shape.ts';
import type { Known } from '../common/known.ts';

/**
 * Counts for one image. Running statistics are not parameters; MACs are those of convolutions and matrix products.
 * @param together how many images share what is computed of weights alone (W + BA), so that each has its part of it;
 *   without, the network is taken as it is deployed, where such weights are computed beforehand
 */
export function summarise(graph: Graph, together = Infinity): NetworkSummary {
  const shapes = inferShapes(graph, 2); // batch statistics need two; MACs are divided by it below
  const imagesCounted = graph.inputs[0]?.shape[0] ?? 2;
  const counted = new Set<string>();
  for (const node of graph.nodes) {
    const trainable = node.kind === 'BatchNormalization' ? node.inputs.slice(0, 3) : node.inputs;
    for (const name of trainable) {
      // Scalars are constants of a formula as well.
      const initializer = graph.initializers.get(name);
      if (!initializer || (initializer.constant && !traitsOf(node.kind).trained)) continue;
      if (initializer.shape.length > 0) {
        counted.add(name);
      }
    }
  }
  let parameters = 0;
  for (const name of counted) parameters += elements(shapes.get(name) ?? []);

  const layers: LayerSummary[] = [];
  let macs = 0;
  const { layers: found, weightOf, isWeightArithmetic } = findLayers(graph);
  const layerMacs = new Map<string, number>();
  const computedFor = weightsBehindValues(graph, weightOf);
  for (const node of graph.nodes) {
    const count = definitionOf(node.kind).macs;
    if (!count) continue;
    const images = isWeightArithmetic(node) ? together : imagesCounted;
    const inputs = node.inputs.map((name) => shapes.get(name) ?? []);
    const outputs = node.outputs.map((name) => shapes.get(name) ?? []);
    const nodeMacs = count(node, inputs as Known<Shape>, outputs as Known<Shape>) / images;
    macs += nodeMacs;
    const weight = weightOf.get(node) ?? computedFor.get(node.outputs[0]!);
    if (weight === undefined) continue;
    layerMacs.set(weight, (layerMacs.get(weight) ?? 0) + nodeMacs);
  }
  for (const layer of found) {
    const out = shapes.get(layer.node.outputs[0]!) ?? [];
    const bias = layer.node.inputs[2];
    layers.push({
      name: layer.name,
      kind: layer.kind,
      ...featureMapOf(layer, out),
      parameters:
        elements(shapes.get(layer.weight) ?? []) +
        (bias && graph.initializers.has(bias) ? elements(shapes.get(bias) ?? []) : 0),
      macs: layerMacs.get(layer.weight) ?? 0,
    });
  }
  return { parameters, macs, layers };
}

/** Values that are computed of weights alone -> the weight of the layer that reads them, through others or directly. */
function weightsBehindValues(
  { nodes }: Graph,
  weightOf: ReadonlyMap<Node, string>,
): ReadonlyMap<string, string> {
  const behind = new Map<string, string>();
  for (const node of nodes.toReversed()) {
    const weight = weightOf.get(node);
    const whole = node.outputs.map((output) => behind.get(output)).find((known) => known);
    const read = weight === undefined ? node.inputs : [node.inputs[1]!];
    for (const value of read) {
      const known = weight ?? whole;
      if (known !== undefined) behind.set(value, known);
    }
  }
  return behind;
}
