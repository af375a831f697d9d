/** README.md of an export: what each file is and how to use it. */
import { staysInFloat } from '../common/converting.ts';
import { rangeLabels, type RangeMethod } from '../common/quantising.ts';
import { fileNames, imagesFile, type ExportFormat } from './formats.ts';

/** How the int8 files of an export were made. */
export interface CalibrationFacts {
  readonly images: number;
  readonly method: RangeMethod;
  /** Files in which nodes stay in float, with their number. */
  readonly inFloat: readonly { readonly file: string; readonly nodes: number }[];
}

export interface ReadmeSource {
  readonly space: string;
  readonly genotype: string;
  /** The candidate in words. */
  readonly candidate: string;
  readonly parameters: number;
  readonly macs: number;
  /** Channels, height, width. */
  readonly image: readonly number[];
  readonly formats: readonly ExportFormat[];
  /** True if training was asked for, but there is no training program for the task. */
  readonly untrained: boolean;
  readonly className: string | null;
  /** What is known of the latency, in sentences; empty where none was taken. */
  readonly latency: readonly string[];
  /** Null where nothing was quantised. */
  readonly calibration: CalibrationFacts | null;
}

const meanings: Readonly<Record<ExportFormat, string>> = {
  onnx: 'the network for deployment: inference mode, static shapes, batch 1',
  pytorch: 'the network as PyTorch modules; needs nothing but torch (1.13 or newer)',
  safetensors: 'its weights, under the names of the module’s state_dict',
  npz: 'the same weights for NumPy',
  json: 'what was chosen, in numbers, with the conditions each number was taken under',
  html: 'one page to read and to pass on: the front, the bias, the layers, the settings',
  training: `trains the module on a folder of images; comes with ${imagesFile}, which reads them`,
  tflite:
    'the network for TensorFlow Lite 2.9 or later and LiteRT: batch 1, channels last, float32',
  'tflite-float16': 'the same with weights of half precision; it computes with float32',
  'tflite-int8':
    'the same in int8, takes and gives float32; quantised with images of the run, see below',
  'onnx-int8':
    'the network in int8 for ONNX Runtime (QuantizeLinear and DequantizeLinear); quantised with images of the run, see below; on x64 without VNNI, `session.x64quantprecision` 1 keeps its sums from saturating',
};

function int8InWords({ images, method, inFloat }: CalibrationFacts): string[] {
  const said =
    `The int8 files were quantised with ${images} images of the run (ranges: ${rangeLabels[method].toLowerCase()}). ` +
    'Their latency is that of a trained network of this kind; what they compute is worth as little as what the untrained weights do. Train the network first, and convert it with `zico convert` and your own images.';
  const counted = inFloat.map(({ file, nodes }) => `${nodes} of ${file}`);
  return inFloat.length === 0 ? [said] : [said, '', staysInFloat(counted)];
}

export function readmeText(source: ReadmeSource): string {
  const { formats, image, className } = source;
  const lines = [
    `# ${source.space} ${source.genotype}`,
    '',
    `${source.candidate} of a search: ${source.parameters} parameters, ${source.macs} multiply-accumulates for one image of ${image.join(' x ')}.`,
    '',
    ...source.latency.flatMap((sentence) => [sentence, '']),
    'The weights are initial ones, those that were scored. Nothing here has been trained.',
    '',
    ...formats.map((format) => `- \`${fileNames[format]}\`: ${meanings[format]}`),
  ];
  if (formats.includes('pytorch') && className !== null) {
    lines.push(
      '',
      '```python',
      'import torch',
      `from network import ${className}, build`,
      '',
      'model = build().eval()           # with the weights beside it',
      `y = model(torch.rand(1, ${image.join(', ')}))`,
      `fresh = ${className}()`,
      '```',
    );
  }
  if (formats.includes('training')) {
    lines.push(
      '',
      'To train it (needs torch and numpy, and Pillow where pictures are files):',
      '',
      '```sh',
      `python ${fileNames.training} FOLDER --out trained   # the same command goes on where it stopped`,
      '```',
      '',
      'In the end `trained/` holds the weights that were best on images not trained with, `trained.onnx` to be measured and converted, and `trained-for-scoring.onnx` to be scored.',
    );
  }
  if (source.calibration !== null) lines.push('', ...int8InWords(source.calibration));
  if (source.untrained) {
    lines.push(
      '',
      'There is no training program for detection: its losses, matching and augmentation differ too much from one framework to the next. Use the module as the network of one that you know; its outputs are described in architecture.json.',
    );
  }
  if (formats.includes('onnx')) {
    lines.push(
      '',
      '```python',
      'import numpy, onnxruntime',
      '',
      'session = onnxruntime.InferenceSession("model.onnx")',
      'name = session.get_inputs()[0].name',
      `y = session.run(None, {name: numpy.zeros((1, ${image.join(', ')}), numpy.float32)})`,
      '```',
    );
  }
  return `${lines.join('\n')}\n`;
}
