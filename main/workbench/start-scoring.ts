/** Scoring for a search or a benchmark: in how many processes, which is found by measuring by default. */
import { fastest, tryLayouts } from '../engine/choose-layout.ts';
import type { Engine, EngineName } from '../engine/engine.ts';
import { engineTraits } from '../common/engines.ts';
import type { EngineChoice } from '../engine/engine-choice.ts';
import {
  layoutsFor,
  layoutsOfFixedThreads,
  type LayoutWishes,
  type ScoringLayout,
} from '../engine/layout.ts';
import type { InstructionSet } from '../engine/instructions.ts';
import { precisionField, type Precision } from '../engine/precision.ts';
import type { ScoringPlan } from '../engine/scoring-plan.ts';
import { withBatches } from '../engine/with-batches.ts';
import { tooLargeFrom, WorkbenchError } from '../errors.ts';
import { generatorFor } from '../random.ts';
import { summarise } from '../graph/summary.ts';
import { initialNetwork } from '../space/initial-network.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';

export interface Scoring {
  /** Has the batches; the caller closes it. */
  readonly engine: Engine;
  readonly layout: ScoringLayout;
  readonly plan: ScoringPlan;
}

/** The engine that scores all networks. */
export interface ChosenEngine extends EngineChoice {
  readonly version: string;
  /** Threads per process in earlier sessions of the run, where scores depend on them. */
  readonly threads: number | null;
  readonly precision: Precision;
  /** The threads on which its scores depend; null where they do not, and where a run does not name them. */
  readonly instructions: InstructionSet | null;
  /** What a person should know about this session's scores compared with earlier ones; not stored. */
  readonly warning?: string | null;
}

export interface StartScoringRequest {
  readonly space: Space;
  readonly batches: BatchSet;
  readonly chosen: ChosenEngine;
  readonly wishes: LayoutWishes;
  /** How many networks will be scored; null where nobody knows. */
  readonly candidates: number | null;
  readonly processors: number;
  /** Of all scoring processes together. */
  readonly memoryBytes: number;
  readonly open: (
    name: EngineName,
    layout: ScoringLayout,
    memoryBytes: number,
    precision: Precision,
  ) => Engine;
  /** Choices of this session, by what they were measured with; read and added to. */
  readonly known: Map<string, ScoringLayout>;
  readonly signal?: AbortSignal | undefined;
}

/** Measuring takes as long as a dozen candidates, which is not worth it for fewer than this. */
const worthMeasuring = 60;
/** Nor do so many where the first layout is single threads, which are mostly the faster one. */
const worthMeasuringThreads = 200;
/** One process with many threads has to be this many times as fast before scores depend on them. */
const worthTheThreads = 1.1;

/** Throws WorkbenchError: `too-many-workers`, and what the engine throws when it gets its batches. */
export async function startScoring(request: StartScoringRequest): Promise<Scoring> {
  const { chosen, wishes, processors, memoryBytes, open, batches } = request;
  const { name, version, note, threads, precision, instructions } = chosen;
  const layouts = engineTraits[name].threadsDecideBits
    ? layoutsOfFixedThreads(wishes, threads, processors, memoryBytes)
    : layoutsFor(wishes, processors, memoryBytes);
  const worth = engineTraits[name].threadsDecideBits ? worthMeasuringThreads : worthMeasuring;
  const few = request.candidates !== null && request.candidates < worth;
  const layout = layouts.length === 1 || few ? layouts[0] : await measured(request, layouts);
  const engine = await withBatches(open(name, layout, memoryBytes, precision), batches);
  return {
    engine,
    layout,
    plan: {
      ...{ engine: name, version, note, ...layout },
      ...precisionField(precision),
      ...(instructions && { instructions }),
    },
  };
}

async function measured(
  { space, batches, chosen, open, memoryBytes, known, signal }: StartScoringRequest,
  layouts: readonly [ScoringLayout, ...ScoringLayout[]],
): Promise<ScoringLayout> {
  const { batchSize, inputShape } = batches;
  const { name, precision } = chosen;
  const drawn = [batchSize, inputShape, batches.batches.length];
  const key = JSON.stringify([name, precision, space.name, ...drawn, layouts]);
  const earlier = known.get(key);
  if (earlier) return earlier;
  const trials = await tryLayouts({
    layouts,
    // All of them are open at the same time.
    open: (tried) => open(name, tried, memoryBytes / layouts.length, precision),
    network: initialNetwork(space, middling(space), 'pytorch-default', 0, 'scoring'),
    batches,
    signal,
  });
  const layout = fastest(trials, engineTraits[name].threadsDecideBits ? worthTheThreads : 1);
  known.set(key, layout);
  return layout;
}

/** A network of the space that is neither small nor large, the same every time. */
function middling(space: Space): Genotype {
  const random = generatorFor('layout trial');
  const sampled = Array.from({ length: 9 }, () => space.sample(random));
  // A network that cannot be described is tried last.
  const macs = (genotype: Genotype): number => {
    try {
      return summarise(space.decode(genotype)).macs;
    } catch (error) {
      if (error instanceof WorkbenchError || tooLargeFrom(error)) return Number.MAX_VALUE;
      throw error;
    }
  };
  const sized = sampled.map((genotype) => ({ genotype, macs: macs(genotype) }));
  const usable = sized.filter((size) => size.macs < Number.MAX_VALUE);
  const among = usable.length > 0 ? usable : sized;
  return among.sort((a, b) => a.macs - b.macs)[Math.floor(among.length / 2)]!.genotype;
}
