/**
 * Scores one network of a space that is being written, as a search with the usual preset would: a person wants to
 * know that the space can be scored, how long that takes and what comes out, before a search begins.
 */
import { presetValues, variesBy } from '../common/presets.ts';
import { defaultSearchSettings } from '../common/settings/index.ts';
import { defaultTermCap } from '../common/settings/score.ts';
import type { TriedNetwork } from '../common/space-facts.ts';
import { rankingScore } from '../common/zico-bc.ts';
import type { ModelScore, ScoreModelRequest } from '../score-model/score-model.ts';
import { networkOfSpace } from '../score-model/network-of-space.ts';
import { spaceOfText } from '../space/preview.ts';
import { CancellableWork } from './cancellable-work.ts';
import type { ComputeTurn } from './compute-turn.ts';
import type { Services } from './services.ts';
import { WarmEngine } from './warm-engine.ts';

export interface TriedNetworksOptions {
  readonly services: Pick<Services, 'openEngine' | 'scoreModel'>;
  readonly turn: ComputeTurn;
}

const { preset, seed } = defaultSearchSettings;

export class TriedNetworks {
  readonly #options: TriedNetworksOptions;
  readonly #warm: WarmEngine;
  readonly #work: CancellableWork;

  constructor(options: TriedNetworksOptions) {
    this.#options = options;
    this.#work = new CancellableWork(options.turn);
    this.#warm = new WarmEngine((...wishes) => options.services.openEngine(...wishes));
  }

  /**
   * @param text a description
   * Null where it was cancelled. Throws `space-invalid`, `genotype-outside-space`, what computes now, and what
   * scoring throws.
   */
  async score(text: string, genotype: string): Promise<TriedNetwork | null> {
    const space = spaceOfText(text);
    const network = space.parse(genotype);
    const values = presetValues(preset, { ...space, varies: variesBy(space.depth) });
    const { batches, batchSize, beta, biasSize, biasLayers, termCap, weights } = values;
    const request: ScoreModelRequest = {
      ...networkOfSpace(space, network, { scheme: weights, seed }),
      data: {
        ...{ kind: 'drawn', choice: { data: null, task: space.task } },
        ...{ batches, batchSize, preset, seed },
      },
      termCap: termCap ?? defaultTermCap,
      bias: { biasSize, biasLayers },
    };
    return await this.#work.run('network', async (signal) => {
      const engine = this.#warm.take('auto', 'auto', { termCap, batches });
      try {
        const score = await this.#options.services.scoreModel(request, engine, signal);
        return viewOf(network, score, beta, termCap !== null);
      } finally {
        this.#warm.rest();
      }
    });
  }

  cancel(): void {
    this.#work.cancel();
  }

  /** Cancels and waits until the child has ended. */
  async close(): Promise<void> {
    await this.#work.close();
    await this.#warm.close();
  }
}

function viewOf(genotype: string, score: ModelScore, beta: number, capped: boolean): TriedNetwork {
  const { batches, batchSize, engine, seconds } = score;
  const ranking = rankingScore(score, beta, capped);
  const [, height, width] = score.data.inputShape;
  return {
    genotype,
    zicoBc: Number.isFinite(ranking) ? ranking : null,
    ...{ beta, capped, batches, batchSize, seconds },
    size: [height, width],
    engine: `${engine.name} ${engine.version}`,
  };
}
