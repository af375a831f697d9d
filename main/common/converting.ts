/** Converting a model, in the words of the command line and of the window. */
import { plural } from './figures.ts';

/** What a model can be converted to. */
export const convertTargets = ['tflite', 'onnx'] as const;
export type ConvertTarget = (typeof convertTargets)[number];

/** What an int8 network takes and gives. */
export const fileTypes = ['float32', 'int8'] as const;
export type FileType = (typeof fileTypes)[number];

/** @param type what a model's weights are stored as, other than float32 */
export function storedInWords(type: string): string {
  return `The model's weights are stored as ${type}: it was computed, and converted, with the same numbers in float32.`;
}

/**
 * @param operators which, or how many of what, stay in float in an int8 network. Why is not said: some have no int8
 * form, of others the images show that its scale would be too coarse.
 */
export function staysInFloat(operators: readonly string[]): string {
  return `Operators that stay in float: ${operators.join(', ')}.`;
}

/** How many values a warning names. */
const namedValues = 5;

/** @param values names, as they may be shown, of values that were one number on all images that calibrated; at least one */
export function unvaryingValues(values: readonly string[]): string {
  const count = plural(values.length, 'value was', 'values were');
  const named = values.slice(0, namedValues).join(', ');
  const more = values.length - namedValues;
  return (
    `On all images that calibrated, ${count} one and the same number, and other images are cut off there: ` +
    `${named}${more > 0 ? ` and ${more} more` : ''}.`
  );
}
