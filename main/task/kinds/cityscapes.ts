/**
 * Cityscapes: leftImg8bit/SPLIT/CITY/*_leftImg8bit.png with gtFine/SPLIT/CITY/*_gtFine_labelIds.png (or
 * labelTrainIds, taken as they are). Only 19 of the 34 ids are trained on
 * (https://github.com/mcordts/cityscapesScripts, helpers/labels.py).
 */
import path from 'node:path';
import { ignoredClass } from '../batches.ts';
import { described } from '../kind-descriptions.ts';
import { listFolder, type DataPlace } from '../listing.ts';
import { ProblemList } from '../problems.ts';
import type { DataKind } from './kind.ts';
import { openMaskPairs, pairUp, type MaskGroup } from './mask-pairs.ts';

/** The trained classes in the order of their trainId, each with its id. */
const trained: readonly (readonly [id: number, name: string])[] = [
  [7, 'road'],
  [8, 'sidewalk'],
  [11, 'building'],
  [12, 'wall'],
  [13, 'fence'],
  [17, 'pole'],
  [19, 'traffic light'],
  [20, 'traffic sign'],
  [21, 'vegetation'],
  [22, 'terrain'],
  [23, 'sky'],
  [24, 'person'],
  [25, 'rider'],
  [26, 'car'],
  [27, 'truck'],
  [28, 'bus'],
  [31, 'train'],
  [32, 'motorcycle'],
  [33, 'bicycle'],
];
const ids = 34;

/** Id -> trainId: 255 for what is not trained on; ids beyond the last have none. */
export const trainIdOf: readonly number[] = Array.from({ length: ids }, (_, id) => {
  const trainId = trained.findIndex(([known]) => known === id);
  return trainId < 0 ? ignoredClass : trainId;
});

const imageEnding = '_leftImg8bit.png';
const maskEndings = ['_gtFine_labelTrainIds.png', '_gtFine_labelIds.png'] as const;

export const cityscapes: DataKind = {
  ...described.cityscapes,
  async open(place) {
    const parts = await partsOf(place);
    if (parts === null) return null;
    const splits = await splitsOf(parts);
    // If one mask uses trainIds, all of them do.
    for (const ending of maskEndings) {
      const problems = new ProblemList();
      const groups: MaskGroup[] = [];
      for (const split of splits) groups.push(...(await groupsOf(parts, split, ending, problems)));
      if (groups.some(({ count }) => count > 0) || ending === maskEndings[1]) {
        const asTheyAre = ending === maskEndings[0];
        return openMaskPairs({
          kind: cityscapes.name,
          source: place.path,
          layout: `Cityscapes layout (${splits.join(', ')}), ${asTheyAre ? 'trainIds as they are' : 'ids mapped to trainIds'}`,
          groups,
          problems,
          classNames: trained.map(([, name]) => name),
          translate: asTheyAre ? null : trainIdOf,
          defaultSize: [512, 1024],
        });
      }
    }
    return null;
  },
};

/** The folders of images and of masks. */
interface Parts {
  readonly leftImg8bit: string;
  readonly gtFine: string;
}

/** Both archives unpacked into one folder, or each into its own (gtFine_trainvaltest/gtFine). */
async function partsOf(place: DataPlace): Promise<Parts | null> {
  const find = async (part: keyof Parts): Promise<string | null> => {
    if (place.folders.includes(part)) return path.join(place.path, part);
    const unpacked = place.folders.find((name) => name === `${part}_trainvaltest`);
    if (unpacked === undefined) return null;
    const { folders } = await listFolder(path.join(place.path, unpacked), () => false);
    return folders.includes(part) ? path.join(place.path, unpacked, part) : null;
  };
  const [leftImg8bit, gtFine] = [await find('leftImg8bit'), await find('gtFine')];
  return leftImg8bit === null || gtFine === null ? null : { leftImg8bit, gtFine };
}

/** Splits whose masks can be used: those of `test` are withheld and contain nothing but "ignore". */
async function splitsOf(parts: Parts): Promise<readonly string[]> {
  const masks = await listFolder(parts.gtFine, () => false);
  const images = await listFolder(parts.leftImg8bit, () => false);
  const both = images.folders.filter((split) => masks.folders.includes(split));
  const usable = both.filter((split) => split !== 'test');
  return usable.length > 0 ? usable : both;
}

async function groupsOf(
  parts: Parts,
  split: string,
  maskEnding: string,
  problems: ProblemList,
): Promise<MaskGroup[]> {
  const at = (part: keyof Parts, city = '') => path.join(parts[part], split, city);
  const cities = (await listFolder(at('leftImg8bit'), () => false)).folders;
  const cityMasks = new Set((await listFolder(at('gtFine'), () => false)).folders);
  const groups: MaskGroup[] = [];
  for (const city of cities) {
    const [imageFolder, maskFolder] = [at('leftImg8bit', city), at('gtFine', city)];
    if (!cityMasks.has(city)) {
      problems.add(imageFolder, `has no folder of masks ${maskFolder}`);
      continue;
    }
    const images = await listFolder(imageFolder, (file) => file.endsWith(imageEnding), problems);
    const masks = await listFolder(maskFolder, (file) => file.endsWith(maskEnding), problems);
    groups.push(
      pairUp(
        { folder: imageFolder, files: images.files },
        { folder: maskFolder, files: masks.files },
        {
          image: (file) => file.slice(0, -imageEnding.length),
          mask: (file) => file.slice(0, -maskEnding.length),
        },
        problems,
      ),
    );
  }
  return groups;
}
