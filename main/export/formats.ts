/** The formats of an export, and what each file is for. */
import {
  exportFormats,
  neededBy,
  usualFormats,
  type ExportFormat,
} from '../common/export-formats.ts';
import { WorkbenchError } from '../errors.ts';

export type { ExportFormat };

/** The smallest export: the model, and the figures that say what it is. */
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
  'tflite-int8': 'model-int8.tflite',
  'onnx-int8': 'model-int8.onnx',
};

/** The module with which train.py reads images. */
export const imagesFile = 'images.py';

/** Written along with every export of more than the model and its figures. */
export const readmeFile = 'README.md';

/**
 * Parses a comma-separated list; `all` stands for every usual format. What a format needs is added, and
 * so are the figures, because they say which run and candidate the files come from.
 * Throws `bad-arguments`.
 */
export function parseFormats(text: string): ExportFormat[] {
  const listed = text.split(',').map((word) => word.trim());
  const words = listed.flatMap((word) => (word === 'all' ? [...usualFormats] : [word]));
  for (const word of words) {
    if (exportFormats.some((format) => format === word)) continue;
    throw new WorkbenchError(
      'bad-arguments',
      `"${word}" is not an export format.`,
      `Choose from ${exportFormats.join(', ')}, separated by commas, or all.`,
    );
  }
  const chosen = exportFormats.filter((format) => words.includes(format));
  const wanted = new Set([...chosen, ...chosen.flatMap((one) => neededBy[one] ?? []), 'json']);
  return exportFormats.filter((format) => wanted.has(format));
}
