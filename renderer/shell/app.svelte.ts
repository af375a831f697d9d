/** What the main side says about itself and the spaces it knows; asked for once. */
import type { AppDescription, Bridge, SpaceSummary } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

export class AppStore {
  #description: AppDescription | null = $state.raw(null);
  #spaces: readonly SpaceSummary[] = $state.raw([]);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get description(): AppDescription | null {
    return this.#description;
  }

  get spaces(): readonly SpaceSummary[] {
    return this.#spaces;
  }

  space(name: string): SpaceSummary | undefined {
    return this.#spaces.find((space) => space.name === name);
  }

  async load(): Promise<void> {
    const [description, spaces] = await Promise.all([
      ask(this.#bridge, 'app.describe'),
      ask(this.#bridge, 'spaces.list'),
    ]);
    this.#spaces = spaces;
    this.#description = description;
  }
}
