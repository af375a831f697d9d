/** What this computer offers to a farm, and what it scores a run's networks with. */
import type { FarmRun, Offer } from '../common/farm.ts';
import { engineNames, engineTraits } from '../common/engines.ts';
import { bf16Obstacle } from '../engine/onednn/processor.ts';
import { withBatches } from '../engine/with-batches.ts';
import type { OpenRun } from '../farm/served-run.ts';
import type { Engines } from './engines.ts';
import { childLimits } from './options.ts';
import { scoreCandidate } from './scorers.ts';

export function offerOf(engines: Engines, threads: number): Offer {
  const all = engineNames.flatMap((name) =>
    engineTraits[name].precisions.flatMap((precision) => {
      const version = engines.versionOf(name, precision);
      const lacking = version === null || (precision === 'bf16' && bf16Obstacle() !== null);
      return lacking ? [] : [{ name, precision, version }];
    }),
  );
  const { memoryBytes } = childLimits;
  return { engines: all, instructions: engines.instructions(), threads, memoryBytes };
}

/** With the engine that the run names, or the one that is usual here where it takes any. */
export function openingRuns(engines: Engines, offer: Offer): OpenRun {
  return async (run: FarmRun, work, places) => {
    const { space, settings, batches } = await work();
    const { name, precision, version, threads } = run.engine;
    const own = offer.engines.some(
      (one) => one.name === name && one.precision === precision && one.version === version,
    );
    const asked =
      own || !run.any
        ? { name, precision }
        : { name: 'auto' as const, precision: 'float32' as const };
    // Throws where the space has operators that this build of the engine lacks.
    const chosen = await engines.choose(asked.name, space, batches, asked.precision);
    const layout = { workers: places, threads: threads ?? 1 };
    const engine = await withBatches(
      engines.openPool(chosen.name, layout, childLimits.memoryBytes, asked.precision),
      batches,
    );
    return {
      score: (genotype, signal) => scoreCandidate(engine, space, genotype, settings, signal),
      close: () => engine.close(),
    };
  };
}
