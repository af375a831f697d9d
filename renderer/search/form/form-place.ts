import type { FarmStore } from '../../farm/farm.svelte.ts';
import type { PhonesStore } from '../../phones/phones.svelte.ts';
import type { QueueStore } from '../../runs/queue/queue.svelte.ts';
import type { RunActions } from '../../runs/run-actions.svelte.ts';
import type { RunsStore } from '../../runs/runs.svelte.ts';
import type { Shell } from '../../shell/shell.svelte.ts';
import type { SpacesStore } from '../../spaces/spaces.svelte.ts';

/** What the form needs to know, and whom it informs. */
export interface FormPlace {
  readonly shell: Pick<Shell, 'bridge' | 'attempt' | 'app'>;
  readonly runs: RunsStore;
  readonly runActions: RunActions;
  readonly queue: Pick<QueueStore, 'add'>;
  readonly phones: PhonesStore;
  readonly spaces: SpacesStore;
  readonly farm: FarmStore;
}
