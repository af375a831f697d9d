/** Images and id masks in two folders side by side: plain pairs, and CamVid's layouts. */
import path from 'node:path';
import { described } from '../kind-descriptions.ts';
import { isPicture, isPng, listFolder, stem, subfolder, type Place } from '../listing.ts';
import { ProblemList } from '../problems.ts';
import { namesBeside } from './class-names.ts';
import type { DataKind } from './kind.ts';
import { openMaskPairs, pairUp, type MaskGroup } from './mask-pairs.ts';

const byStem = { image: stem, mask: stem };

export const imageMasks: DataKind = {
  ...described.imageMasks,
  async open(place) {
    const images = subfolder(place, ['images', 'image', 'imgs', 'img', 'JPEGImages']);
    const masks = subfolder(place, [
      'masks',
      'mask',
      'labels',
      'label',
      'SegmentationClass',
      'annotations',
      'annotation',
    ]);
    if (!place.isFolder || images === null || masks === null) return null;
    const problems = new ProblemList();
    const group = await groupOf(place, images, masks, problems);
    if (!group) return null;
    return openMaskPairs({
      kind: imageMasks.name,
      source: place.path,
      layout: `images and masks named alike in ${images} and ${masks}`,
      groups: [group],
      problems,
      classNames: await namesBeside([place.path, group.maskFolder]),
      translate: null,
      defaultSize: [512, 512],
    });
  },
};

/** Folders of masks in CamVid's two layouts: of the folder names `images`, `masks`. */
const camvidPairs = [
  { images: /^images_prepped_(\w+)$/, masks: (part: string) => `annotations_prepped_${part}` },
  { images: /^(train|val|test)$/, masks: (part: string) => `${part}annot` },
] as const;

export const camvid: DataKind = {
  ...described.camvid,
  async open(place) {
    if (!place.isFolder) return null;
    const problems = new ProblemList();
    const groups: MaskGroup[] = [];
    for (const { images, masks } of camvidPairs) {
      for (const folder of place.folders) {
        const part = images.exec(folder)?.[1];
        if (part === undefined || !place.folders.includes(masks(part))) continue;
        const group = await groupOf(place, folder, masks(part), problems);
        if (group) groups.push(group);
      }
    }
    if (groups.length === 0) return null;
    return openMaskPairs({
      kind: camvid.name,
      source: place.path,
      layout: 'CamVid layout',
      groups,
      problems,
      classNames: await namesBeside([place.path]),
      translate: null,
      defaultSize: [360, 480],
    });
  },
};

/** Null where the folders hold no images or no masks. */
async function groupOf(
  place: Place,
  images: string,
  masks: string,
  problems: ProblemList,
): Promise<MaskGroup | null> {
  const imageFolder = path.join(place.path, images);
  const maskFolder = path.join(place.path, masks);
  const [pictures, ids] = [
    await listFolder(imageFolder, isPicture, problems),
    await listFolder(maskFolder, isPng, problems),
  ];
  if (pictures.files.length === 0 || ids.files.length === 0) return null;
  return pairUp(
    { folder: imageFolder, files: pictures.files },
    { folder: maskFolder, files: ids.files },
    byStem,
    problems,
  );
}
