/** The engines of this computer: which are available, which of them scores what, and how they are opened. */
import { ProcessKilled, retryKilled } from '../child/killed.ts';
import type { ChildProcesses } from '../child/process.ts';
import { SupervisedChild, type ChildLimits } from '../child/supervised-child.ts';
import type { Engine, EngineIdentity, EngineName } from '../engine/engine.ts';
import { engineNames, engineTraits, type EngineWish } from '../common/engines.ts';
import {
  chooseEngine,
  wishWith,
  type EngineChoice,
  usualPrecision,
  type Obstacles,
  type Scored,
} from '../engine/engine-choice.ts';
import { EnginePool } from '../engine/engine-pool.ts';
import { engineKinds } from '../engine/engines.ts';
import { defaultThreads, type ScoringLayout } from '../engine/layout.ts';
import { instructionsHere, type InstructionSet } from '../engine/instructions.ts';
import type { Precision, PrecisionWish } from '../engine/precision.ts';
import type { CheckRequest } from '../engine/protocol.ts';
import { reportOf, type ErrorReport } from '../errors.ts';
import { generatorFor } from '../random.ts';
import type { Graph } from '../graph/graph.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import { Computer } from './computer.ts';

export interface EnginesOptions {
  readonly processes: ChildProcesses;
  /** Script of the scoring child. */
  readonly entry: string;
  /** For one candidate: time, and resident memory of all scoring processes together. */
  readonly limits: ChildLimits;
  readonly processors: number;
  /** By default one of its own. */
  readonly computer?: Computer;
}

/** How many networks of a space, besides the baselines, are looked at before a run settles on an engine. */
const samples = 6;

export class Engines {
  readonly #options: EnginesOptions;
  readonly #obstacles = new Map<string, ErrorReport | null>();

  readonly #computer: Computer;

  constructor(options: EnginesOptions) {
    this.#options = options;
    this.#computer = options.computer ?? new Computer();
  }

  /** The versions that are available here; null for an engine that is not. */
  versionOf(name: EngineName, precision: Precision = 'float32'): string | null {
    return engineKinds[name].here(precision).version;
  }

  /** Those that onednn takes. Throws WorkbenchError `instructions-unknown`. */
  instructions(): InstructionSet {
    return instructionsHere();
  }

  /** The default engine, with one process. */
  get usual(): EngineIdentity {
    const { name } = chooseEngine('auto', missingEngines());
    const threads = defaultThreads(this.#options.processors);
    return { name, version: this.versionOf(name) ?? '', threads };
  }

  /**
   * An engine of one process for models of any kind. With `auto`, what onednn cannot score is scored by
   * onnxruntime, and the score says so. Throws WorkbenchError `engine-unavailable` where onednn is asked
   * for and was not built, `precision-unavailable` for onednn's precisions with onnxruntime. A processor
   * without bf16 refuses when it is asked to score.
   * @param scored what `auto` looks at; left out, it is float32
   */
  openOne(
    wish: EngineWish,
    threads: number | null,
    wished: PrecisionWish = 'auto',
    scored: Scored = { termCap: null, batches: 0 },
  ): Engine {
    const asked = wished === 'auto' ? wish : wishWith(wish, wished);
    const { name, note } = chooseEngine(asked, missingEngines());
    const precision = wished === 'auto' ? usualPrecision(name, scored) : wished;
    const { limits, processors } = this.#options;
    const own = threads ?? defaultThreads(processors);
    const mayHandOn = asked === 'auto';
    const opened = patient(this.#open(name, own, limits.memoryBytes, mayHandOn, precision));
    const engine = this.#computer.scoring(opened);
    return note === null ? engine : noted(engine, note);
  }

  /**
   * An engine that never passes a network on to another one: with one process, or with several that act as one.
   */
  openPool(
    name: EngineName,
    layout: ScoringLayout,
    memoryBytes: number,
    precision: Precision = 'float32',
  ): Engine {
    const open = (threads: number, bytes: number) =>
      this.#open(name, threads, bytes, false, precision);
    const { threadsDecideBits } = engineTraits[name];
    const engine = patient(
      layout.workers === 1
        ? open(layout.threads, memoryBytes)
        : new EnginePool({ layout, memoryBytes, threadsDecideBits, open }),
    );
    return this.#computer.scoring(engine);
  }

  /**
   * The one engine for all networks of a space. Engines that do not have every operator first look at baselines
   * and samples of the space, so that a space with other operators is scored as a whole by another engine.
   * @throws WorkbenchError why not, where an engine or a precision is asked for that cannot score the space
   * here
   */
  async choose(
    asked: EngineWish,
    space: Space,
    batches: BatchSet,
    precision: Precision = 'float32',
  ): Promise<EngineChoice> {
    const wish = wishWith(asked, precision);
    const obstacles: Partial<Record<EngineName, ErrorReport | null>> = {};
    for (const name of wish === 'auto' ? engineNames : [wish]) {
      obstacles[name] = await this.#obstacle(name, space, batches, precision);
      if (obstacles[name] === null) break;
    }
    return chooseEngine(wish, obstacles);
  }

  async #obstacle(
    name: EngineName,
    space: Space,
    batches: BatchSet,
    precision: Precision,
  ): Promise<ErrorReport | null> {
    const kind = engineKinds[name];
    const here = kind.here(precision);
    if (here.version === null) return here.missing;
    if (!kind.checks) return null;
    const { networks, genes } = space;
    const key = JSON.stringify([
      name,
      space.name,
      networks,
      genes,
      withoutImages(batches),
      precision,
    ]);
    const known = this.#obstacles.get(key);
    if (known !== undefined) return known;
    const obstacle = await this.#check(name, space, batches, precision);
    // A crash or a lack of memory may be temporary.
    if (obstacle === null || lasting.has(obstacle.code)) this.#obstacles.set(key, obstacle);
    return obstacle;
  }

  async #check(
    engine: EngineName,
    space: Space,
    set: BatchSet,
    precision: Precision,
  ): Promise<ErrorReport | null> {
    const { processes, entry, limits } = this.#options;
    const child = new SupervisedChild({ processes, entry, name: 'scoring', limits });
    try {
      const batches = withoutImages(set);
      const request: CheckRequest = { engine, networks: examples(space), precision, batches };
      await retryKilled(() => child.request('check', request));
      return null;
    } catch (error) {
      // It says nothing about the space, and another engine would give other scores.
      if (error instanceof ProcessKilled) throw error;
      return reportOf(error);
    } finally {
      await child.close();
    }
  }

  #open(
    name: EngineName,
    threads: number,
    memoryBytes: number,
    mayHandOn: boolean,
    precision: Precision,
  ): Engine {
    const { processes, entry, limits } = this.#options;
    const within = { ...limits, memoryBytes };
    return engineKinds[name].open({
      ...{ processes, entry, threads, precision, mayHandOn },
      limits: within,
    });
  }
}

function perEngine<Value>(value: (name: EngineName) => Value): Record<EngineName, Value> {
  const entries = engineNames.map((name) => [name, value(name)]);
  return Object.fromEntries(entries) as Record<EngineName, Value>;
}

/** What is not available here, with the reason. */
function missingEngines(): Obstacles {
  return perEngine((name) => {
    const here = engineKinds[name].here('float32');
    return here.version === null ? here.missing : null;
  });
}

const lasting = new Set(['operator-not-native', 'engine-unavailable', 'precision-unavailable']);

function withoutImages(set: BatchSet): CheckRequest['batches'] {
  const { batches, ...shape } = set;
  void batches;
  return shape;
}

/** Cheap, because the weights are descriptions and decoding computes none of their numbers. */
function examples(space: Space): Graph[] {
  const random = generatorFor('engine check');
  const baselines = space.baselines.flatMap(({ genotype }) =>
    genotype === null ? [] : [genotype],
  );
  const sampled = Array.from({ length: samples }, (): Genotype => space.sample(random));
  return [...new Set([...baselines, ...sampled])].map((one) => space.decode(one, 'scoring'));
}

/** An engine whose candidates do not fail because something else ended their process. */
function patient(engine: Engine): Engine {
  return {
    identity: engine.identity,
    useBatches: (batches) => retryKilled(() => engine.useBatches(batches)),
    statistics: (request, signal) => retryKilled(() => engine.statistics(request, signal), signal),
    proxies: (request, signal) => retryKilled(() => engine.proxies(request, signal), signal),
    close: () => engine.close(),
  };
}

/** Every score carries the note, unless it has one of its own. */
function noted(engine: Engine, note: string): Engine {
  return {
    identity: engine.identity,
    useBatches: (batches) => engine.useBatches(batches),
    statistics: async (request, signal) => ({
      note,
      ...(await engine.statistics(request, signal)),
    }),
    proxies: async (request, signal) => ({ note, ...(await engine.proxies(request, signal)) }),
    close: () => engine.close(),
  };
}
