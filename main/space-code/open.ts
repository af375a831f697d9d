/** Spaces in code, opened for whoever asks for one in a command or a program: the window never does. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { spaceInCodeSchema, type SpaceInCodeHeader } from '../common/space-in-code.ts';
import { networkCount } from '../common/network-count.ts';
import { WorkbenchError } from '../errors.ts';
import { readInputFile } from '../files.ts';
import { generatorFor } from '../random.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { CodedSpace } from './coded-space.ts';
import { SpaceCode } from './caller.ts';
import type { Loaded } from './protocol.ts';

/** Networks that are decoded before anything is begun. */
const tried = 3;

/**
 * Loads the code in a thread of its own, and tries a few networks.
 * Throws `file-not-found`, `file-not-readable`, `typescript-not-read`, `space-code-invalid` where it does not export
 * what it should, `space-code-failed`, `space-code-timeout`, `space-code-unsteady`.
 */
export async function openSpaceInCode(file: string): Promise<DescribedSpace> {
  const bytes = await readInputFile(file);
  if (/\.[cm]?ts$/.test(file) && !process.features.typescript) {
    throw new WorkbenchError(
      'typescript-not-read',
      `Node ${process.versions.node} does not read TypeScript, and ${path.basename(file)} is.`,
      'Use Node 22.18 or newer, or name a file of JavaScript.',
    );
  }
  const code = new SpaceCode(file);
  try {
    const loaded = code.call({ what: 'load' });
    const header = headerOf(loaded, path.basename(file), sha256(bytes));
    const space = new CodedSpace(header, code, loaded.functions);
    const random = generatorFor('space in code, tried');
    for (let i = 0; i < tried; i += 1) {
      const genotype = space.sample(random);
      for (const purpose of ['deployment', 'scoring'] as const) space.decode(genotype, purpose);
      space.values(genotype);
    }
    return space;
  } catch (error) {
    code.close();
    throw error;
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Throws `space-code-invalid`. */
function headerOf({ facts, functions }: Loaded, file: string, digest: string): SpaceInCodeHeader {
  for (const needed of ['sample', 'mutate', 'crossover', 'decode'])
    if (!functions.includes(needed)) throw invalid(file, `it has no function ${needed}`);
  const { resolution, genes, networks } = facts;
  const sizes =
    typeof resolution === 'object' && resolution !== null
      ? (resolution as { scoring?: unknown; deployment?: unknown })
      : {};
  const count =
    typeof networks === 'bigint' || Number.isSafeInteger(networks)
      ? networkCount(BigInt(networks as bigint | number))
      : networks;
  const checked = spaceInCodeSchema.safeParse({
    code: { file, sha256: digest },
    name: facts.name,
    title: facts.title ?? facts.name,
    task: facts.task ?? 'classification',
    classes: facts.classes,
    ...(facts.imageChannels !== undefined && { imageChannels: facts.imageChannels }),
    resolution: { scoring: sizes.scoring, deployment: sizes.deployment ?? sizes.scoring },
    networks: count ?? null,
    genes: genes ?? [],
  });
  if (!checked.success) {
    const { path: place = [], message = '' } = checked.error.issues[0] ?? {};
    throw invalid(file, `${place.join('.')}: ${message}`);
  }
  if (checked.data.genes.length > 0 && !functions.includes('values'))
    throw invalid(file, 'it has genes, and no function values that gives their values');
  return checked.data;
}

function invalid(file: string, what: string): WorkbenchError {
  return new WorkbenchError(
    'space-code-invalid',
    `${file} is no space: ${what}.`,
    'docs/spaces-in-code.md says what such a file exports by default.',
  );
}
