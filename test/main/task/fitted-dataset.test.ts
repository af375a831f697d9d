import { describe, expect, it } from 'vitest';
import type {
  BoxedImage,
  Dataset,
  LabelledImage,
  MaskedImage,
} from '../../../main/task/dataset.ts';
import { inGrey, ofFirstClasses } from '../../../main/task/fitted-dataset.ts';

const dataset = (task: Dataset['task'], images: readonly object[]): Dataset =>
  ({
    ...{ kind: 'made up', task, description: 'images', count: images.length },
    ...{ inputShape: [3, 1, 2], storedSize: null, fit: 'fixed', classes: 4 },
    ...{ classNames: ['a', 'b', 'c', 'd'], classCounts: [1, 2, 3, 4] },
    normalisation: { mean: [0.5, 0.25, 0], std: [1, 0.5, 0.25] },
    ...{ problems: [], problemCount: 0 },
    read: (indices: readonly number[]) => Promise.resolve(indices.map((i) => images[i])),
  }) as unknown as Dataset;
const problem = { problem: { file: 'x', reason: 'damaged' } };

describe('a data set in grey', () => {
  it('has the brightness of its colours, and their mean and deviation', async () => {
    const pixels = Uint8Array.of(255, 10, 0, 20, 0, 30);
    const grey = inGrey(dataset('classification', [{ pixels, label: 1 }, problem]));
    expect(grey.inputShape).toEqual([1, 1, 2]);
    expect(grey.normalisation!.mean[0]).toBeCloseTo(0.299 * 0.5 + 0.587 * 0.25, 12);
    const [image, bad] = await grey.read([0, 1]);
    expect((image as LabelledImage).pixels).toEqual(Uint8Array.of(76, 18));
    expect(bad).toEqual(problem);
  });
});

describe('a data set of its first classes', () => {
  it('ignores the pixels of others', async () => {
    const mask = Uint8Array.of(0, 1, 2, 255);
    const fewer = ofFirstClasses(dataset('segmentation', [{ mask }]), 2);
    expect(fewer).toMatchObject({ classes: 2, classNames: ['a', 'b'], classCounts: [1, 2] });
    const [image] = await fewer.read([0]);
    expect((image as MaskedImage).mask).toEqual(Uint8Array.of(0, 1, 255, 255));
  });

  it('leaves the boxes of others out', async () => {
    const boxes = Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
    const image = { boxes, classes: Int32Array.of(3, 1) };
    const [kept] = await ofFirstClasses(dataset('detection', [image]), 2).read([0]);
    const { boxes: left, classes } = kept as BoxedImage;
    expect([[...left], [...classes]]).toEqual([[2, 2, 3, 3], [1]]);
  });
});
