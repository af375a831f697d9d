/**
 * Scores that were computed before: a line of JSON each, in one file for everything that decides a score. A
 * line that a crash cut off is ignored, and its network scored again.
 */
import { createHash } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeError } from '../atomic-write.ts';
import { networkFactsSchema, type NetworkFacts } from '../common/network-facts.ts';
import type { PlainScore } from '../common/zico-bc.ts';
import { readInputFile } from '../files.ts';
import { WorkbenchError } from '../errors.ts';
import type { Genotype } from '../space/space.ts';

/** Where benchmarks keep their scores for the next one, within the folder of what the product remembers. */
export const scoresFolderIn = (stateFolder: string): string =>
  path.join(stateFolder, 'benchmark-scores');

/** Genotype, ZiCo, capped ZiCo, bias, and what else is known where it was asked for. */
const line = z.union([
  z.tuple([z.string(), z.number(), z.number(), z.number()]),
  z.tuple([z.string(), z.number(), z.number(), z.number(), networkFactsSchema]),
]);

export interface KeptScore extends PlainScore {
  readonly facts?: NetworkFacts | undefined;
}

export class ScoreCache {
  readonly #file: string;
  readonly #scores: Map<Genotype, KeptScore>;

  private constructor(file: string, scores: Map<Genotype, KeptScore>) {
    this.#file = file;
    this.#scores = scores;
  }

  /**
   * @param folder made where it is not there
   * @param decisive everything that decides a score, as JSON
   * Throws `folder-not-writable`, `file-not-readable`.
   */
  static async open(folder: string, decisive: unknown): Promise<ScoreCache> {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw writeError(folder, error);
    }
    const digest = createHash('sha256').update(JSON.stringify(decisive)).digest('hex');
    const file = path.join(folder, `${digest.slice(0, 32)}.jsonl`);
    const scores = new Map<Genotype, KeptScore>();
    for (const text of (await contentOf(file)).split('\n')) {
      const read = line.safeParse(parsed(text));
      if (!read.success) continue;
      const [genotype, zico, zicoCapped, bias, facts] = read.data;
      scores.set(genotype as Genotype, { zico, zicoCapped, bias, ...(facts && { facts }) });
    }
    return new ScoreCache(file, scores);
  }

  get(genotype: Genotype): KeptScore | null {
    return this.#scores.get(genotype) ?? null;
  }

  /** Throws `disk-full`, `folder-not-writable`. */
  async add(genotype: Genotype, score: KeptScore): Promise<void> {
    const { zico, zicoCapped, bias, facts } = score;
    this.#scores.set(genotype, { zico, zicoCapped, bias, ...(facts && { facts }) });
    try {
      // Starts on a new line, whatever a crash has left behind.
      await appendFile(
        this.#file,
        `\n${JSON.stringify([genotype, zico, zicoCapped, bias, ...(facts ? [facts] : [])])}`,
      );
    } catch (error) {
      throw writeError(path.dirname(this.#file), error);
    }
  }
}

async function contentOf(file: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readInputFile(file));
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'file-not-found') return '';
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
