/** `zico score --space SPACE GENOTYPE`: a network of a space in place of a model file. */
import type { WeightScheme } from '../graph/graph.ts';
import type { ScoreModelRequest } from '../score-model/score-model.ts';
import { presetValues, variesBy } from '../common/presets.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { withResolution } from '../space/index.ts';
import { initialNetwork } from '../space/initial-network.ts';
import { badArguments } from './errors.ts';
import { namedSpace, type SpaceOption } from './space-option.ts';

/**
 * The request of a model file made one of a network: its weights, images and their number are those of
 * a search with the same seed, so the score is the candidate's.
 * Throws `bad-arguments` where the request asks for what a network of a space does not have.
 */
export async function networkToScore(
  request: ScoreModelRequest,
  option: SpaceOption,
): Promise<{ readonly request: ScoreModelRequest; readonly space: DescribedSpace }> {
  const { space: named, rest } = await namedSpace([request.model, undefined], option);
  const { deploymentSize, ...others } = request;
  const space =
    deploymentSize === undefined
      ? named
      : withResolution(named, { deployment: [...deploymentSize] });
  const genotype = space.parse(rest ?? '');
  const { data, weights } = request;
  if (data.kind === 'arrays') {
    throw badArguments(
      '--inputs and --targets are for model files.',
      'Give --data, or nothing for the images shipped with zico.',
    );
  }
  if (data.choice.task !== null && data.choice.task !== space.task) {
    throw badArguments(
      `The networks of ${space.name} are for ${space.task}, not for ${data.choice.task}.`,
      'Leave --task out.',
    );
  }
  const usual = presetValues(data.preset, { ...space, varies: variesBy(space.depth) });
  const fresh: { scheme: WeightScheme; seed: number } =
    weights === 'file' ? { scheme: usual.weights, seed: data.seed } : weights;
  const scored: ScoreModelRequest = {
    ...others,
    model: `${space.name} ${genotype}`,
    graph: initialNetwork(space, genotype, fresh.scheme, fresh.seed, 'scoring'),
    deployed: space.decode(genotype, 'deployment'),
    weights: fresh,
    data: {
      ...data,
      choice: { ...data.choice, task: space.task },
      batchSize: data.batchSize ?? usual.batchSize,
    },
  };
  return { request: scored, space };
}
