/**
 * The computer that scores and measures, as something that several workbenches of one program share: what is measured
 * on it runs alone, whoever asked for it.
 */
import type { Engine } from '../engine/engine.ts';
import type { LatencySource } from '../latency/latency.ts';
import { takeTurns } from '../search/turns.ts';

/** Any number of networks may be scored at once: how many is each search's own business. */
const anyNumber = Number.MAX_SAFE_INTEGER;

export class Computer {
  readonly #turns = takeTurns(anyNumber, true);

  /** The engine, waiting while something is measured. */
  scoring(engine: Engine): Engine {
    const turns = this.#turns;
    return {
      identity: engine.identity,
      useBatches: (batches) => engine.useBatches(batches),
      statistics: (request, signal) =>
        turns.score(() => engine.statistics(request, signal), signal),
      proxies: (request, signal) => turns.score(() => engine.proxies(request, signal), signal),
      close: () => engine.close(),
    };
  }

  /** The source, waiting for what is scored or measured where it runs networks on this computer. */
  measuring(source: LatencySource): LatencySource {
    if (!source.exclusive) return source;
    const turns = this.#turns;
    return {
      kind: source.kind,
      exclusive: source.exclusive,
      ...(source.queued !== undefined && { queued: source.queued }),
      ...(source.leastMs && { leastMs: (graph) => source.leastMs!(graph) }),
      measure: (graph, signal) => turns.measure(() => source.measure(graph, signal), signal),
      ...(source.measureStored && {
        measureStored: (model, signal) =>
          turns.measure(() => source.measureStored!(model, signal), signal),
      }),
      close: () => source.close(),
    };
  }
}
