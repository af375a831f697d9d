/** Which runner passed the self-test on which phone: one small file, so that a phone is recognised. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PhoneRow } from '../../../preload/contract.ts';
import { writeSmallFileAtomically } from '../../atomic-write.ts';
import { runnerIdentitySchema, type RunnerIdentity } from '../../common/phones.ts';
import { logError } from '../log.ts';

const proof = z.object({
  /** Another version of the product may come with another runtime, so its proofs do not count here. */
  productVersion: z.string(),
  atMs: z.number(),
  runner: runnerIdentitySchema,
});
const stored = z.record(z.string(), proof);

export class Proofs {
  readonly #file: string;
  readonly #productVersion: string;
  #known: z.infer<typeof stored>;

  /** If the file is missing or damaged, nothing counts as proven. */
  constructor(file: string, productVersion: string) {
    this.#file = file;
    this.#productVersion = productVersion;
    this.#known = read(file);
  }

  of(phone: string): PhoneRow['proof'] {
    const found = this.#known[phone];
    if (found?.productVersion !== this.#productVersion) return null;
    return { runner: found.runner, atMs: found.atMs };
  }

  /** Remembered while the app runs, even where the file cannot be written: a check is quickly repeated. */
  remember(phone: string, runner: RunnerIdentity, atMs: number): void {
    const { refused, ...rest } = runner;
    const own = { ...rest, refused: refused.map(({ name, failure }) => ({ name, failure })) };
    this.#known = {
      ...this.#known,
      [phone]: { productVersion: this.#productVersion, atMs, runner: own },
    };
    this.#write();
  }

  forget(phone: string): void {
    this.#known = Object.fromEntries(Object.entries(this.#known).filter(([key]) => key !== phone));
    this.#write();
  }

  #write(): void {
    try {
      writeSmallFileAtomically(this.#file, JSON.stringify(this.#known, null, 2));
    } catch (error) {
      logError('Results of phone checks could not be stored', error);
    }
  }
}

function read(file: string): z.infer<typeof stored> {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
