/** Whether a head fits its task, its backbone and the sizes of images. */
import type { FeatureReductions } from './check-backbone.ts';
import { checkChoice } from './check-choice.ts';
import { resolutionSizes } from './check-resolution.ts';
import { invalid } from './description-error.ts';
import type { Head, SpaceDescription } from '../common/space-description.ts';
import { Faults } from './faults.ts';

const tasksOf: Readonly<Record<Head['kind'], SpaceDescription['task']>> = {
  classifier: 'classification',
  'up-b': 'segmentation',
  hrnet: 'segmentation',
  efficientdet: 'detection',
};

/**
 * @param features that the backbone can give
 * Throws `space-invalid` with every fault of the head.
 */
export function checkHead(
  description: SpaceDescription,
  head: Head,
  path: string,
  features: FeatureReductions,
): void {
  const { task } = description;
  if (tasksOf[head.kind] !== task) {
    const fitting = Object.entries(tasksOf).flatMap(([kind, one]) => (one === task ? [kind] : []));
    throw invalid(
      `${path}.kind`,
      `"${head.kind}" is not a head for ${task}`,
      `Use ${fitting.join(' or ')}.`,
    );
  }
  if (head.kind === 'classifier') {
    if (head.channels !== undefined) checkChoice(head.channels, `${path}.channels`);
    if (head.hidden !== undefined) checkChoice(head.hidden, `${path}.hidden`);
    return;
  }
  const faults = new Faults();
  if (head.kind === 'efficientdet') {
    for (const key of ['channels', 'layers', 'depth'] as const)
      faults.check(() => checkChoice(head[key], `${path}.${key}`));
  }
  for (const reductions of features) faults.check(() => checkFeatures(head, path, reductions));
  // EfficientDet crops what it has enlarged; the others add up features of whole factors.
  const multiple = head.kind === 'efficientdet' ? 1 : Math.max(...features.flat());
  for (const purpose of ['scoring', 'deployment'] as const) {
    for (const { size, path: at } of resolutionSizes(description, purpose)) {
      if (size.every((pixels) => pixels % multiple === 0)) continue;
      const what = `${size.join(' x ')} does not fit the head, which enlarges features by whole factors`;
      faults.add(invalid(at, what, `Use multiples of ${multiple}.`));
    }
  }
  faults.end();
}

/** Whether the backbone gives the features that the head joins. */
function checkFeatures({ kind }: Head, path: string, reductions: readonly number[]): void {
  if (kind === 'efficientdet') {
    if (reductions.filter((reduction) => reduction >= 8).join() !== '8,16,32')
      throw invalid(
        `${path}.kind`,
        `an EfficientDet head needs features at 1/8, 1/16 and 1/32, but the backbone gives 1/${reductions.join(', 1/')}`,
        'Let the backbone shrink the image by 32.',
      );
  } else if (reductions.length < 4) {
    throw invalid(
      `${path}.kind`,
      `the head joins four sizes of features, but the backbone gives ${reductions.length}`,
      'Let four stages have a stride of 2.',
    );
  }
}
