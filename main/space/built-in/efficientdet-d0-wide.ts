/** `efficientdet-d0` of version 0.1: the wide EfficientNet backbones under the heads of EfficientDet-D0. */
import type { SpaceDescriptionInput } from '../../common/space-description.ts';
import { d0Head, d0Network } from './efficientdet.ts';
import { efficientNetStyle } from './efficientnet.ts';
import { wideBackbone } from './efficientnet-wide.ts';

export const efficientDetWide: SpaceDescriptionInput = {
  name: 'efficientdet-d0-wide',
  title: 'Wide backbones for EfficientDet-D0, nothing depthwise',
  task: 'detection',
  classes: 90,
  resolution: { scoring: [256, 256], deployment: [512, 512] },
  network: { ...efficientNetStyle, backbone: wideBackbone, head: d0Head },
  baselines: [
    { name: 'EfficientDet-D0 without SE', network: d0Network(false) },
    { name: 'EfficientDet-D0', network: d0Network(0.25) },
  ],
};
