/** A finished run ranked by another bias: all of them are stored, so nothing is scored again. */
import { chosenBias, type BiasChoice } from '../common/zico-bc.ts';
import { WorkbenchError } from '../errors.ts';
import type { Candidate } from './candidate.ts';

/**
 * The candidates with the bias counted as `choice` says.
 * @param stored how their run counts it
 * Throws `bias-not-stored` where the run is older than the choice and counted it otherwise.
 */
export function withBias(
  candidates: readonly Candidate[],
  stored: BiasChoice,
  choice: BiasChoice,
): readonly Candidate[] {
  if (stored.biasSize === choice.biasSize && stored.biasLayers === choice.biasLayers) {
    return candidates;
  }
  return candidates.map((candidate) => {
    if (candidate.status === 'failed') return candidate;
    const { score } = candidate;
    if (score.biases === undefined) throw notStored(choice);
    return { ...candidate, score: { ...score, bias: chosenBias(score.biases, choice) } };
  });
}

function notStored({ biasSize, biasLayers }: BiasChoice): WorkbenchError {
  return new WorkbenchError(
    'bias-not-stored',
    `Candidates of this run were scored by a version that did not keep the bias of the ${biasSize} size over ${biasLayers} layers.`,
    'Rank it as it was searched, or search again.',
  );
}
