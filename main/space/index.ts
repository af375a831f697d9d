/** Every search space of the product, by name, and spaces from files. */
import { isSpaceInCode, spaceInCodeSchema } from '../common/space-in-code.ts';
import { WorkbenchError } from '../errors.ts';
import { efficientDet } from './built-in/efficientdet.ts';
import { efficientDetWide } from './built-in/efficientdet-d0-wide.ts';
import { efficientNet } from './built-in/efficientnet.ts';
import { efficientNetWide } from './built-in/efficientnet-wide.ts';
import { ffnet } from './built-in/ffnet.ts';
import { ffnet48 } from './built-in/ffnet-48.ts';
import { nasBench201Space } from './built-in/nas-bench-201.ts';
import { natsSizeSpace } from './built-in/nats-sss.ts';
import { ofaMobileNetV3 } from './built-in/ofa-mobilenetv3.ts';
import { segmentationMacro } from './built-in/segmentation-macro.ts';
import { describedSpace, type DescribedSpace, type WhollyDescribed } from './described-space.ts';
import { invalid } from './description-error.ts';
import type { KnownNetwork } from './known-network.ts';
import { parseDescription, readDescription } from './read-description.ts';
import { SpaceWithoutCode } from './space-in-code.ts';
import type { Resolutions, Space } from './space.ts';

const descriptions = [
  natsSizeSpace,
  nasBench201Space,
  efficientNet,
  efficientDet,
  ffnet,
  segmentationMacro,
  ofaMobileNetV3,
  efficientNetWide,
  efficientDetWide,
  ffnet48,
];

/** What version 0.1 called by the name of a space that has other networks by now. */
const formerly = new Map([
  [efficientNet.name, efficientNetWide.name],
  [efficientDet.name, efficientDetWide.name],
  [ffnet.name, ffnet48.name],
]);

/** Of the spaces that ship with the product. */
export const builtInNames: readonly string[] = descriptions.map(({ name }) => name);

/** Interpreted only when first needed: checking a description builds networks, which takes a while. */
const interpreted = new Map<string, WhollyDescribed>();

function interpretedOf(description: (typeof descriptions)[number]): WhollyDescribed {
  const known = interpreted.get(description.name);
  if (known) return known;
  const space = describedBy(description);
  interpreted.set(description.name, space);
  return space;
}

/** The spaces that ship with the product. */
export function builtInSpaces(): readonly WhollyDescribed[] {
  return descriptions.map(interpretedOf);
}

/** The space of a description as it stands in a file. Throws `space-invalid`. */
export function describedBy(description: unknown): WhollyDescribed {
  return describedSpace(parseDescription(description), nameOfOwner);
}

/** The space of what a run stores of it; of a space in code, without the code. Throws `space-invalid`. */
export function spaceOf(stored: unknown): DescribedSpace {
  if (typeof stored !== 'object' || stored === null || !isSpaceInCode(stored))
    return describedBy(stored);
  const checked = spaceInCodeSchema.safeParse(stored);
  if (checked.success) return new SpaceWithoutCode(checked.data);
  const { path = [], message = '' } = checked.error.issues[0] ?? {};
  throw invalid(path.join('.'), message, 'Take the run from its origin again.');
}

let asking = false;

/** The built-in spaces to which a genotype belongs, in words; null where it fits none. */
function nameOfOwner(text: string): string | null {
  if (asking) return null; // the spaces that are asked must not ask one another
  asking = true;
  try {
    const owners = builtInSpaces().filter((space) => isOf(space, text));
    return owners.length === 0 ? null : owners.map(({ name }) => name).join(' or ');
  } finally {
    asking = false;
  }
}

function isOf(space: DescribedSpace, text: string): boolean {
  try {
    space.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Throws `unknown-space`. */
export function spaceNamed(name: string): WhollyDescribed {
  const description = descriptions.find((candidate) => candidate.name === name);
  if (description) return interpretedOf(description);
  throw new WorkbenchError(
    'unknown-space',
    `There is no search space "${name}".`,
    `Choose one of: ${descriptions.map((known) => known.name).join(', ')}; or name a file that ends in .json.`,
  );
}

/**
 * The space that a run searched, as the run file describes it.
 * @param known networks of the run, which a space in code has nowhere else
 * Throws `unknown-space`, `space-invalid`.
 */
export function spaceOfRun(
  run: { readonly space?: object; readonly settings: { readonly space: string } },
  known: readonly KnownNetwork[] = [],
): DescribedSpace {
  if (run.space !== undefined) return spaceKnowing(spaceOf(run.space), known);
  const { space } = run.settings;
  return formerSpace(space) ?? spaceNamed(space);
}

/** The space as it is, or, of a space in code without the code, one that knows these networks. */
export function spaceKnowing<S extends Space>(space: S, known: readonly KnownNetwork[]): S {
  const { knowing } = space as Partial<DescribedSpace>;
  return knowing ? (knowing.call(space, known) as unknown as S) : space;
}

/** The space that version 0.1 had by this name, where that has other networks now; null where it has not. */
export function formerSpace(name: string): WhollyDescribed | null {
  const today = formerly.get(name);
  return today === undefined ? null : spaceNamed(today);
}

/** The same space with other sizes of images, height and width. Throws `space-invalid`. */
export function withResolution(
  space: DescribedSpace,
  resolution: Partial<Resolutions>,
): DescribedSpace {
  const { description } = space;
  if ('code' in description) {
    throw new WorkbenchError(
      'space-invalid',
      `${description.code.file} says itself how large its images are.`,
      'Leave the size out, and change the resolution in that file.',
    );
  }
  return describedBy({ ...description, resolution: { ...description.resolution, ...resolution } });
}

/** A space by its name, or from the file that describes it. Throws `unknown-space` and what reading throws. */
export async function spaceFrom(nameOrFile: string): Promise<WhollyDescribed> {
  if (!nameOrFile.endsWith('.json')) return spaceNamed(nameOrFile);
  return describedSpace(await readDescription(nameOrFile), nameOfOwner);
}
