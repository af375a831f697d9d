/** Where a folder keeps Pascal VOC annotations and their images, and which belong together. */
import path from 'node:path';
import { isPicture, listFolder, stem, subfolder, type Place } from '../listing.ts';
import { ProblemList } from '../problems.ts';

export interface VocFiles {
  readonly annotationFolder: string;
  readonly imageFolder: string;
  /** In code-unit order of the annotations. */
  readonly annotations: readonly string[];
  /** The image of each annotation: the one with the same stem. */
  readonly images: readonly string[];
  readonly problems: ProblemList;
}

const isXml = (file: string): boolean => file.toLowerCase().endsWith('.xml');

/** Null where the folder has no such pair of folders, and no annotations beside images. */
export async function findVocFiles(place: Place): Promise<VocFiles | null> {
  if (!place.isFolder) return null;
  const annotations = subfolder(place, ['Annotations', 'annotation', 'xml', 'xmls', 'labels']);
  const images = subfolder(place, ['JPEGImages', 'images', 'image', 'imgs', 'img']);
  if (annotations !== null && images !== null) {
    const annotationFolder = path.join(place.path, annotations);
    const problems = new ProblemList();
    const { files } = await listFolder(annotationFolder, isXml, problems);
    if (files.length === 0) return null;
    const imageFolder = path.join(place.path, images);
    const pictures = await listFolder(imageFolder, isPicture, problems);
    return paired(annotationFolder, files, imageFolder, pictures.files, problems);
  }
  const beside = place.files.filter(isXml);
  if (beside.length === 0 || !place.files.some(isPicture)) return null;
  return paired(place.path, beside, place.path, place.files.filter(isPicture));
}

function paired(
  annotationFolder: string,
  annotations: readonly string[],
  imageFolder: string,
  images: readonly string[],
  problems = new ProblemList(),
): VocFiles {
  const byStem = new Map(images.map((file) => [stem(file), file]));
  const kept = { annotations: [] as string[], images: [] as string[] };
  for (const file of annotations) {
    const image = byStem.get(stem(file));
    if (image === undefined) {
      problems.add(
        path.join(annotationFolder, file),
        `has no image of the same name in ${imageFolder}`,
      );
      continue;
    }
    byStem.delete(stem(file));
    kept.annotations.push(file);
    kept.images.push(image);
  }
  for (const file of byStem.values()) {
    problems.add(
      path.join(imageFolder, file),
      `has no annotation of the same name in ${annotationFolder}`,
    );
  }
  return { annotationFolder, imageFolder, ...kept, problems };
}
