/**
 * MobileNetV2 (Sandler et al., arXiv 1801.04381) as a description, and what its authors published of it:
 * tensorflow/models, research/slim/nets/mobilenet/README.md (Apache 2.0), top-1 accuracy on ImageNet in percent.
 */
import type { SpaceDescriptionInput } from '../../main/common/space-description.ts';

/** By width multiplier, then by resolution. */
export const mobileNetV2Accuracies: ReadonlyMap<number, ReadonlyMap<number, number>> = new Map([
  [1.4, new Map([[224, 75.0]])],
  [1.3, new Map([[224, 74.4]])],
  [1, sizes(71.8, 70.7, 68.8, 65.3, 60.3)],
  [0.75, sizes(69.8, 68.7, 66.4, 63.2, 58.8)],
  [0.5, sizes(65.4, 63.9, 61.0, 57.7, 51.2)],
  [0.35, sizes(60.3, 58.2, 55.7, 50.8, 45.5)],
]);

function sizes(...accuracies: readonly number[]): Map<number, number> {
  return new Map([224, 192, 160, 128, 96].map((side, i) => [side, accuracies[i]!]));
}

/** The nearest multiple of eight that is at least nine tenths, as the authors round widths. */
function rounded(channels: number): number {
  const near = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return near < 0.9 * channels ? near + 8 : near;
}

/** Table 2 of the paper: expansion, channels, blocks, stride. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** @param scoring side of the images that stand for 224 x 224 when it is scored */
export function mobileNetV2(
  width: number,
  resolutions: readonly number[],
  scoring: number,
): SpaceDescriptionInput {
  const [only, ...more] = resolutions;
  return {
    name: 'mobilenet-v2',
    title: `MobileNetV2, width ${width}`,
    task: 'classification',
    classes: 1000,
    resolution: {
      scoring: [scoring, scoring],
      deployment: more.length > 0 ? { choices: [...resolutions] } : [only!, only!],
    },
    network: {
      activation: 'relu',
      backbone: {
        kind: 'stages',
        stem: [{ channels: rounded(32 * width), stride: 2 }],
        stages: stages.map(([expansion, channels, repeats, stride]) => ({
          ...{ block: 'mbconv', channels: rounded(channels * width), kernel: 3 },
          ...{ expansion, repeats, stride, squeezeExcite: false },
        })),
      },
      head: { kind: 'classifier', channels: Math.max(1280, rounded(1280 * width)) },
    },
  };
}
