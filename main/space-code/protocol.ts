/** What is asked of the thread in which the code of a space runs, and what it answers. */
import type { MessagePort } from 'node:worker_threads';
import type { Graph } from '../graph/graph.ts';
import type { NetworkCounts } from '../space/counts.ts';
import type { Purpose } from '../space/space.ts';

/** What the code says of itself once it is loaded; not checked yet. */
export interface Loaded {
  readonly facts: {
    readonly name: unknown;
    readonly title: unknown;
    readonly task: unknown;
    readonly classes: unknown;
    readonly imageChannels: unknown;
    readonly resolution: unknown;
    readonly networks: unknown;
    readonly genes: unknown;
  };
  /** Which of the functions are there. */
  readonly functions: readonly string[];
}

export type Call =
  | { readonly what: 'load' }
  | { readonly what: 'sample'; readonly seed: number }
  | { readonly what: 'mutate'; readonly genotype: string; readonly seed: number }
  | {
      readonly what: 'crossover';
      readonly first: string;
      readonly second: string;
      readonly seed: number;
    }
  | { readonly what: 'at'; readonly index: number }
  | { readonly what: 'neighbours'; readonly genotype: string }
  | { readonly what: 'values'; readonly genotype: string }
  | {
      /** Builds it once, and only counts; whoever decodes builds it twice. */
      readonly what: 'decode' | 'counts';
      readonly genotype: string;
      readonly purpose: Purpose;
      readonly image: readonly [channels: number, height: number, width: number];
      readonly classes: number;
    };

export interface Answers {
  readonly load: Loaded;
  readonly sample: unknown;
  readonly mutate: unknown;
  readonly crossover: unknown;
  readonly at: unknown;
  readonly neighbours: unknown;
  readonly values: unknown;
  /** Null where the same genotype was decoded differently a second time. */
  readonly decode: Graph | null;
  readonly counts: NetworkCounts;
}

/** What came of a call. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string; readonly stack: string };

export interface WorkerData {
  /** file: URL of the code. */
  readonly url: string;
  /** Shared: becomes 1 when an answer lies in the port. */
  readonly ready: Int32Array;
  readonly port: MessagePort;
}
