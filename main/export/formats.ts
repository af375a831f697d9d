/** What an export can hold, and what each file is for. */
import {
  exportFormats,
  neededBy,
  usualFormats,
  type ExportFormat,
} from '../common/export-formats.ts';
import { WorkbenchError } from '../errors.ts';

export type { ExportFormat };

/** The smallest export that says what it is. */
export const leastFormats: readonly ExportFormat[] = ['onnx', 'json'];

export const fileNames: Readonly<Record<ExportFormat, string>> = {
  onnx: 'model.onnx',
  pytorch: 'network.py',
  safetensors: 'weights.safetensors',
  npz: 'weights.npz',
  json: 'architecture.json',
  html: 'report.html',
  training: 'train.py',
  tflite: 'model.tflite',
  'tflite-float16': 'model-float16.tflite',
};

/** What train.py reads images with. */
export const imagesFile = 'images.py';

/** Lies beside the files of every export of more than the model and its figures. */
export const readmeFile = 'README.md';

/**
 * A comma-separated list; `all` is every usual format. What a format needs comes with it, and
 * figures always lie beside the files, because they say which run and candidate these are.
 * Throws `bad-arguments`.
 */
export function parseFormats(text: string): ExportFormat[] {
  const listed = text.split(',').map((word) => word.trim());
  const words = listed.flatMap((word) => (word === 'all' ? [...usualFormats] : [word]));
  for (const word of words) {
    if (exportFormats.some((format) => format === word)) continue;
    throw new WorkbenchError(
      'bad-arguments',
      `"${word}" is no format of an export.`,
      `Choose from ${exportFormats.join(', ')}, separated by commas, or all.`,
    );
  }
  const chosen = exportFormats.filter((format) => words.includes(format));
  const wanted = new Set([...chosen, ...chosen.flatMap((one) => neededBy[one] ?? []), 'json']);
  return exportFormats.filter((format) => wanted.has(format));
}
