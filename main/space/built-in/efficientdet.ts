/** The EfficientNet backbones with the fixed BiFPN and heads of EfficientDet-D0 (Tan et al., 2020). */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';
import { b0Backbone, b0Genotype, efficientNetStyle, searchedBackbone } from './efficientnet.ts';

export const d0Head = { kind: 'efficientdet', channels: 64, layers: 3, depth: 3 } as const;

export const d0Network = (squeezeExcite: number | false): SpaceDescriptionInput['network'] => ({
  ...efficientNetStyle,
  backbone: b0Backbone(squeezeExcite),
  head: d0Head,
});

export const efficientDet: SpaceDescriptionInput = {
  name: 'efficientdet-d0',
  title: 'Backbones for EfficientDet-D0',
  task: 'detection',
  classes: 90,
  resolution: { scoring: [256, 256], deployment: [512, 512] },
  network: { ...efficientNetStyle, backbone: searchedBackbone, head: d0Head },
  baselines: [
    { name: 'EfficientDet-D0 without SE', genotype: b0Genotype },
    { name: 'EfficientDet-D0', network: d0Network(0.25) },
  ],
};
