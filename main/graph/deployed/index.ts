/**
 * The form in which a network is given to runtimes that want as few operators as possible: inference mode,
 * constants computed, batch normalisation inside the weights.
 */
import { connectedNodes } from '../connected.ts';
import { toInference, withoutUnused } from '../forms.ts';
import type { Graph } from '../graph.ts';
import { withConstantsFolded } from './constants.ts';
import { withFormulasRecognised } from './formulas.ts';
import { withNormsFolded } from './norms.ts';
import { withoutRepeats } from './repeats.ts';
import { withFormsSpelledOut } from './spelled.ts';

/** @param graph in either form */
export function toDeployed(graph: Graph): Graph {
  const inference = toInference(graph);
  const needed = { ...inference, nodes: connectedNodes(inference) };
  const once = withoutRepeats(withConstantsFolded(needed));
  return withoutUnused(withoutRepeats(withNormsFolded(withFormulasRecognised(once))));
}

/** The same for int8: what has no fast int8 form is written with operators that have one. */
export function toDeployedForInt8(graph: Graph): Graph {
  return withoutUnused(withFormsSpelledOut(toDeployed(graph)));
}
