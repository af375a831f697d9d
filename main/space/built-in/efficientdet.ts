/** The EfficientNet backbones with the fixed BiFPN and heads of EfficientDet-D0 (Tan et al., 2020). */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';
import { b0Backbone, efficientNetStyle, searchedBackbone } from './efficientnet.ts';

const head = { kind: 'efficientdet', channels: 64, layers: 3, depth: 3 } as const;

export const efficientDetSpace: SpaceDescriptionInput = {
  name: 'efficientdet-d0',
  title: 'Backbones for EfficientDet-D0',
  task: 'detection',
  classes: 90,
  resolution: { scoring: [256, 256], deployment: [512, 512] },
  network: { ...efficientNetStyle, backbone: searchedBackbone, head },
  baselines: [
    {
      name: 'EfficientDet-D0 without SE',
      network: { ...efficientNetStyle, backbone: b0Backbone(false), head },
    },
    {
      name: 'EfficientDet-D0',
      network: { ...efficientNetStyle, backbone: b0Backbone(0.25), head },
    },
  ],
};
