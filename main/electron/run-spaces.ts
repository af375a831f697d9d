/**
 * Spaces of runs, as the run files describe them: a run in a person's own space does not need the space's file.
 */
import { WorkbenchError } from '../errors.ts';
import type { RunInfo } from '../run/run-store.ts';
import { formerSpace, spaceOf } from '../space/index.ts';
import type { Space } from '../space/space.ts';
import type { Services } from './services.ts';

export class RunSpaces {
  readonly #services: Pick<Services, 'spaces'>;
  /**
   * Kept by the identifier in the file: the page asks for rows many times a minute, and interpreting a space
   * builds networks.
   */
  readonly #known = new Map<string, Space>();

  constructor(services: Pick<Services, 'spaces'>) {
    this.#services = services;
  }

  of(info: Pick<RunInfo, 'runId' | 'settings' | 'space'>): Space {
    const known = this.#known.get(info.runId);
    if (known) return known;
    const space =
      info.space === undefined
        ? (formerSpace(info.settings.space) ?? this.named(info.settings.space))
        : spaceOf(info.space);
    this.#known.set(info.runId, space);
    return space;
  }

  /** One that ships with the product. Throws `unknown-space`. */
  named(name: string): Space {
    const { spaces } = this.#services;
    const space = spaces.find((one) => one.name === name);
    if (space) return space;
    throw new WorkbenchError(
      'unknown-space',
      `There is no search space called ${name}.`,
      `Choose one of: ${spaces.map((one) => one.name).join(', ')}.`,
    );
  }
}
