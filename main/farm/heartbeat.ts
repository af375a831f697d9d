/** Signs of life at an interval, through whatever happens to the connection. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkbenchError } from '../errors.ts';
import type { Farm } from './connect.ts';
import { farmFailure } from './failures.ts';
import { patienceMs } from './job-desk.ts';

export interface HeartbeatOptions {
  readonly farm: Farm;
  readonly everyMs: number;
  readonly beat: () => Promise<void>;
  /** What kept a beat from its end. */
  readonly onTrouble: (message: string) => void;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #ended = new AbortController();
  readonly #beating: Promise<void>;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#beating = this.#run();
  }

  /** Resolves when nothing beats any more. */
  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#beating;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    const { farm, everyMs, beat } = this.#options;
    while (!signal.aborted) {
      const beaten = beat().then(
        () => null,
        (error: unknown) => error,
      );
      const late = sleep(patienceMs, 'late' as const, { ref: false });
      const outcome = await Promise.race([beaten, late]);
      if (outcome !== null && !signal.aborted) {
        this.#tell(outcome === 'late' ? farm.trouble() : farmFailure(outcome, farm.url));
      }
      if (outcome === 'late') await Promise.race([beaten, until(signal)]);
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #tell(trouble: WorkbenchError | null): void {
    const { farm, onTrouble } = this.#options;
    onTrouble(trouble?.message ?? `The farm at ${farm.url} does not answer.`);
  }
}

function until(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
