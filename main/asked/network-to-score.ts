/** Scoring a network of a space in place of a model file. */
import type { WeightScheme } from '../graph/graph.ts';
import { networkOfSpace } from '../score-model/network-of-space.ts';
import type { ScoreModelRequest } from '../score-model/score-model.ts';
import { presetValues, variesBy } from '../common/presets.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { withResolution } from '../space/index.ts';
import { badArguments } from './bad-arguments.ts';
import type { Called } from './called.ts';

/**
 * Turns the request to score a model file into one to score a network: weights, images and their number are those
 * of a search with the same seed, so the score is the candidate's.
 * Throws `bad-arguments` if the request asks for something that a network of a space does not have.
 */
export function networkToScore(
  request: ScoreModelRequest,
  named: DescribedSpace,
  called: Called,
): ScoreModelRequest {
  const { deploymentSize, ...others } = request;
  const space =
    deploymentSize === undefined
      ? named
      : withResolution(named, { deployment: [...deploymentSize] });
  const genotype = space.parse(request.model);
  const { data, weights } = request;
  if (data.kind === 'arrays') {
    throw badArguments(
      `${called('inputs')} and ${called('targets')} are for model files.`,
      `Give ${called('data')}, or nothing for the images shipped with zico.`,
    );
  }
  if (data.size !== undefined) {
    throw badArguments(
      `${called('size')} is for model files that leave their size open.`,
      'Leave it out: a space says how large its images are.',
    );
  }
  if (data.choice.task !== null && data.choice.task !== space.task) {
    throw badArguments(
      `The networks of ${space.name} are for ${space.task}, not for ${data.choice.task}.`,
      `Leave ${called('task')} out.`,
    );
  }
  const usual = presetValues(data.preset, { ...space, varies: variesBy(space.depth) });
  const fresh: { scheme: WeightScheme; seed: number } =
    weights === 'file' ? { scheme: usual.weights, seed: data.seed } : weights;
  return {
    ...others,
    ...networkOfSpace(space, genotype, fresh),
    data: {
      ...data,
      choice: { ...data.choice, task: space.task },
      batchSize: data.batchSize ?? usual.batchSize,
    },
  };
}
