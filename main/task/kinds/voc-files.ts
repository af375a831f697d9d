/** Where a folder has Pascal VOC annotations and their images, and which belong together. */
import path from 'node:path';
import { isPicture, listFolder, stem, subfolder, type DataPlace } from '../listing.ts';
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

/** Null where the folder has no such pair of folders, and no annotations next to images. */
export async function findVocFiles(place: DataPlace): Promise<VocFiles | null> {
  if (!place.isFolder) return null;
  const annotations = subfolder(place, ['Annotations', 'annotation', 'xml', 'xmls', 'labels']);
  // Some data sets have their pictures next to the folder of annotations.
  const images =
    subfolder(place, ['JPEGImages', 'images', 'image', 'imgs', 'img']) ??
    (place.files.some(isPicture) ? '' : null);
  if (annotations !== null && images !== null) {
    const problems = new ProblemList();
    const found = await xmlIn(path.join(place.path, annotations), problems);
    if (found === null) return null;
    const { annotationFolder, files } = found;
    const imageFolder = path.join(place.path, images);
    const pictures = await listFolder(imageFolder, isPicture, problems);
    return paired(annotationFolder, files, imageFolder, pictures.files, problems);
  }
  const beside = place.files.filter(isXml);
  if (beside.length === 0 || !place.files.some(isPicture)) return null;
  return paired(place.path, beside, place.path, place.files.filter(isPicture));
}

/** In the folder, or in the only one below it with such files: annotations/xmls next to annotations/trimaps. */
async function xmlIn(
  folder: string,
  problems: ProblemList,
): Promise<{ readonly annotationFolder: string; readonly files: readonly string[] } | null> {
  const { files, folders } = await listFolder(folder, isXml, problems);
  if (files.length > 0) return { annotationFolder: folder, files };
  for (const name of folders) {
    const inner = await listFolder(path.join(folder, name), isXml);
    if (inner.files.length > 0)
      return { annotationFolder: path.join(folder, name), files: inner.files };
  }
  return null;
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
