/** A data set as a network of other channels or fewer classes takes it. */
import { ignoredClass } from './batches.ts';
import type { BoxedImage, Dataset, LabelledImage, MaskedImage, UnusableImage } from './dataset.ts';
import { isUnusable } from './problems.ts';

type AnyImage = LabelledImage | MaskedImage | BoxedImage;

/** How much red, green and blue add to brightness (ITU-R BT.601), as in most image libraries. */
const brightness = [0.299, 0.587, 0.114] as const;

/** Colour images as grey ones, for networks that take a single channel. */
export function inGrey(dataset: Dataset): Dataset {
  const { normalisation, inputShape, description } = dataset;
  const mean = (values: readonly number[]) => [
    values.reduce((sum, value, i) => sum + value * brightness[i]!, 0),
  ];
  return withImages(
    dataset,
    {
      inputShape: [1, inputShape[1], inputShape[2]] as const,
      description: `${description}, in grey`,
      normalisation: normalisation && {
        mean: mean(normalisation.mean),
        std: mean(normalisation.std),
      },
    },
    (image) => ({ ...image, pixels: greyOf(image.pixels) }),
  );
}

function greyOf(pixels: Uint8Array | Float32Array): Uint8Array | Float32Array {
  const plane = pixels.length / 3;
  const whole = pixels instanceof Uint8Array;
  const grey = whole ? new Uint8Array(plane) : new Float32Array(plane);
  const [red, green, blue] = brightness;
  for (let i = 0; i < plane; i++) {
    const sum = red * pixels[i]! + green * pixels[plane + i]! + blue * pixels[2 * plane + i]!;
    grey[i] = whole ? Math.round(sum) : sum;
  }
  return grey;
}

/**
 * Only the first so many classes: pixels of the others are ignored, their boxes left out. Images of other classes
 * have no label below `classes`; who draws passes them over.
 */
export function ofFirstClasses(dataset: Dataset, classes: number): Dataset {
  const { classNames, classCounts } = dataset;
  const changes = {
    classes,
    classNames: classNames.slice(0, classes),
    classCounts: classCounts && classCounts.slice(0, classes),
  };
  return withImages(dataset, changes, (image) => {
    if ('mask' in image) {
      return { ...image, mask: image.mask.map((c) => (c < classes ? c : ignoredClass)) };
    }
    if (!('boxes' in image)) return image;
    const kept = [...image.classes.keys()].filter((i) => image.classes[i]! < classes);
    return {
      ...image,
      boxes: Float32Array.from(kept.flatMap((i) => [...image.boxes.subarray(4 * i, 4 * i + 4)])),
      classes: Int32Array.from(kept, (i) => image.classes[i]!),
    };
  });
}

function withImages(
  dataset: Dataset,
  changes: Partial<Dataset>,
  change: (image: AnyImage) => AnyImage,
): Dataset {
  const read = async (indices: readonly number[], size?: readonly [number, number]) => {
    const images: readonly (AnyImage | UnusableImage)[] = await dataset.read(indices, size);
    return images.map((image) => (isUnusable(image) ? image : change(image)));
  };
  return { ...dataset, ...changes, read } as Dataset;
}
