/** What an export can hold, and what each file is for. */
import { exportFormats, type ExportFormat } from '../common/export-formats.ts';
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
};

/** Lies beside the files of every export of more than the model and its figures. */
export const readmeFile = 'README.md';

/**
 * A comma-separated list; `all` is every format. The PyTorch module comes with the weights it loads, and
 * figures always lie beside the files, because they say which run and candidate these are.
 * Throws `bad-arguments`.
 */
export function parseFormats(text: string): ExportFormat[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('all')) return [...exportFormats];
  for (const word of words) {
    if (exportFormats.some((format) => format === word)) continue;
    throw new WorkbenchError(
      'bad-arguments',
      `"${word}" is no format of an export.`,
      `Choose from ${exportFormats.join(', ')}, separated by commas, or all.`,
    );
  }
  const wanted = new Set<string>([...words, 'json']);
  if (wanted.has('pytorch')) wanted.add('safetensors');
  return exportFormats.filter((format) => wanted.has(format));
}
