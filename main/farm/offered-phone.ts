/** What a worker needs of the phones that its computer offers to a farm. */
import type { FarmRunner } from '../common/farm.ts';
import type { PhoneConditions } from '../common/phone-conditions.ts';
import type { ErrorReport } from '../errors.ts';
import type { Latency } from '../latency/latency.ts';
import type { Brief } from './brief.ts';

/** What keeps a phone from measuring, in words. */
export type Obstacle = Pick<ErrorReport, 'message' | 'hint'>;

/** A session on a phone for one run. */
export interface OpenedPhone {
  readonly runner: FarmRunner;
  /** Digest of the model that the genotype's network becomes. */
  digestOf(genotype: string): string;
  /** One outcome for each, in their order; throws where the phone itself is at fault. */
  measure(
    genotypes: readonly string[],
    heard: PhoneEvents,
    signal: AbortSignal,
  ): Promise<readonly (Latency | ErrorReport)[]>;
  close(): Promise<void>;
  /** In place of `close` where the phone was lost. */
  abandon(): void;
}

export interface PhoneEvents {
  /** The phone has begun with a model. */
  readonly onBegun: (sha256: string) => void;
  readonly onConditions: (conditions: PhoneConditions, obstacle: Obstacle | null) => void;
}

/** A phone as the computer that has it offers it. */
export interface OfferedPhone {
  readonly serial: string;
  readonly model: string;
  readonly chip: string | null;
  readonly android: string | null;
  readonly runners: readonly string[];
  /** Waits until it is there; what is wrong where it is not by then. */
  ready(limitMs: number, signal: AbortSignal): Promise<Obstacle | null>;
  /** Keeps others off it. Throws where another program measures on it. */
  take(purpose: string): { release(): void };
  /** Waits a little for it to be cool, charged, awake and unlocked. Throws what it waits for. */
  pass(heard: PhoneEvents['onConditions'], signal: AbortSignal): Promise<void>;
  /** @param keep digests of models that may still be on it. Throws why it cannot measure the run. */
  open(
    brief: Brief,
    kept: FarmRunner | null,
    keep: readonly string[],
    signal: AbortSignal,
  ): Promise<OpenedPhone>;
  /** What an error says of the phone; null where it says nothing of it. */
  blames(error: unknown): 'away' | 'waiting' | 'taken' | null;
}
