/** English text about converting a model. */
import { staysInFloat, storedInWords, unvaryingValues } from '../../main/common/converting.ts';
import type { ConvertedModel } from '../../preload/contract.ts';
import { fixed } from '../ground/words/format.ts';
import { plural } from '../ground/words/plural.ts';

const decibels = (value: number | null): string =>
  value === null ? 'no difference' : `${fixed(value, 1)} dB`;

export const convertText = {
  title: 'Convert',
  target: 'For',
  targets: { tflite: 'TensorFlow Lite', onnx: 'ONNX Runtime' },
  precision: 'Numbers in',
  precisions: { float32: 'float32', float16: 'float16 weights', int8: 'int8' },
  ranges: 'Ranges',
  about:
    'With the images of this page: three of four find the ranges of int8 values, the others say how close the result is. For a trained model choose images like those that it was trained on.',
  convert: 'Convert…',
  convertNamed: (name: string) => `Convert ${name}`,
  cancel: 'Cancel',
  choosing: 'Choose a folder.',
  doing: (doing: string, percent: number) => `${doing}, ${percent} %`,
  written: (file: string, bytes: number) => `${file}: ${(bytes / 1000).toFixed(0)} kB`,
  closeness: (
    { sqnrDb, firstClassAgreement, largestDifference }: NonNullable<ConvertedModel['output']>,
    images: number,
  ) =>
    `On ${plural(images, 'other image', 'other images')}: ${decibels(sqnrDb)} of signal to noise, largest difference ${largestDifference.toPrecision(3)}, first class the same in ${(100 * firstClassAgreement).toFixed(1)} %.`,
  unchecked: (why: string) => `Not compared with the float network: ${why}`,
  worst: 'Layers with most noise',
  decibels,
  stored: storedInWords,
  unvarying: unvaryingValues,
  inFloat: (kinds: ConvertedModel['inFloat']) =>
    staysInFloat(kinds.map(({ kind, count }) => `${kind} (${count})`)),
} as const;
