/** What would be valid at a place of a description: the second half of every complaint about one. */
import {
  activations,
  backboneSchema,
  blockFields,
  descriptionSchema,
  headSchema,
  mixedStageSchema,
  mostSpaceTitle,
  networkSchema,
  offeredBlockSchema,
  stageSchema,
  stemLayerSchema,
  stemPoolSchema,
} from '../common/space-description.ts';

type Path = readonly PropertyKey[];

const anyChoice = 'Use a whole number from 1 on, a list of them, or {"from", "to", "step"}.';
const anyActivation = `Use ${activations.map((one) => `"${one}"`).join(', ')}; a stage may offer a list.`;
const beyond = 'What else a network can consist of is built by code: docs/spaces-in-code.md.';
const size = 'Use [height, width] in pixels, such as [224, 224].';

const values: Readonly<Record<string, string>> = {
  name: 'Use lower case letters, digits and "-", at most 60 characters.',
  title: `Use a text of 1 to ${mostSpaceTitle} characters.`,
  task: 'Use "classification", "segmentation" or "detection".',
  classes: 'Use a whole number, at least 1.',
  resolution: 'Use {"scoring": [height, width], "deployment": [height, width]}.',
  scoring: size,
  deployment:
    'Use [height, width] in pixels, such as [224, 224], {"from", "to", "step"} of squares, or {"choices": [...]}.',
  imageChannels: 'Use 3, or 1 for grey images.',
  activation: anyActivation,
  normEpsilon: 'Use a number above 0 and up to 0.1, such as 1e-5.',
  stem: 'List at least one layer, such as {"channels": 32, "stride": 2} or {"pool": "max"}.',
  stages: 'List 1 to 32 stages, each with its "block".',
  stride: 'Use 1 or 2; a stage may offer [1, 2].',
  pool: 'Use "max".',
  perBlock: `List what every block chooses for itself: ${blockFields.join(', ')}; "block" with "oneOf".`,
  squeezeExcite:
    'Use false, "mobilenetv3", a share above 0 and up to 1, such as 0.25, or a list of them.',
  convolution: 'Use "regular", "depthwise", {"group": 32}, or a list of them.',
  group: 'Use the number of channels in a group, such as 32.',
  block: `Use one of ${stageSchema.options.map((one) => one.shape.block.value).join(', ')}. ${beyond}`,
  norm: 'Use true or false.',
  repeats: 'Use a whole number from 0 on, a list of them, or {"from", "to", "step"}.',
  expansion:
    'Use a number above 0, whole for a bottleneck, a list of them, or {"from", "to", "step"}.',
  gene: 'Use a name of letters, digits, "." and "-".',
  ...Object.fromEntries(
    ['channels', 'kernel', 'width', 'blocks', 'modules', 'bottlenecks']
      .concat('hidden', 'layers', 'depth', 'choices', 'from', 'to', 'step')
      .map((key) => [key, anyChoice]),
  ),
};

const kinds = {
  backbone: backboneSchema.options.map((one) => one.shape.kind.value),
  head: headSchema.options.map((one) => one.shape.kind.value),
};

/** One sentence about the values that are allowed there. */
export function validAt(path: Path): string {
  const names = path.filter((one) => typeof one === 'string');
  const key = names.at(-1) ?? '';
  if (key === 'kernel' && names.at(-2) === 'stem') return 'Use an odd whole number.';
  if (key === 'kind') return `Use one of ${kinds[partOf(path)].join(', ')}. ${beyond}`;
  return values[key] ?? 'docs/spaces.md lists what can stand here.';
}

/** One sentence that lists the keys allowed in the object at that path, according to its kind. */
export function knownKeys(value: unknown, path: Path): string {
  const list = (shape: object) => `Valid keys are ${Object.keys(shape).join(', ')}.`;
  const { block, kind } = value as { block?: unknown; kind?: unknown };
  const names = path.filter((one) => typeof one === 'string');
  const stage = stageSchema.options.find((one) => one.shape.block.value === block);
  if (stage && names.at(-1) === 'stages') return list(stage.shape);
  if (names.at(-1) === 'stages' && 'oneOf' in (value as object))
    return list(mixedStageSchema.shape);
  const offered = offeredBlockSchema.options.find((one) => one.shape.block.value === block);
  if (offered && names.at(-2) === 'oneOf') return list(offered.shape);
  if (names.at(-1) === 'stem' && 'pool' in (value as object)) return list(stemPoolSchema.shape);
  const options = partOf(path) === 'head' ? headSchema.options : backboneSchema.options;
  const part = options.find((one) => one.shape.kind.value === kind);
  if (part) return list(part.shape);
  switch (names.at(-1)) {
    case undefined:
      return list(descriptionSchema.shape);
    case 'network':
      return list(networkSchema.shape);
    case 'resolution':
      return list(descriptionSchema.shape.resolution.shape);
    case 'stem':
      return list(stemLayerSchema.shape);
    case 'stages':
      return `A stage needs a "block", or "oneOf" with several: ${values['block']}`;
    case 'backbone':
    case 'head':
      return `Valid keys are kind and those of its kind (${kinds[partOf(path)].join(', ')}), or gene and oneOf.`;
    case 'convolution':
      return 'Valid keys are group, channels.';
    case 'baselines':
      return 'Valid keys are name and genotype, or name and network.';
    default:
      return names.at(-1) === 'repeats' || values[names.at(-1) ?? ''] === anyChoice
        ? 'Valid keys are gene, from, to, step; or gene, choices.'
        : 'docs/spaces.md lists the keys that can stand here.';
  }
}

function partOf(path: Path): 'backbone' | 'head' {
  return path.includes('head') ? 'head' : 'backbone';
}
