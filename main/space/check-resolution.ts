/** Whether the sizes that a description offers can be told apart, and whether networks can take them. */
import type { ResolutionDescription, SpaceDescription } from '../common/space-description.ts';
import { checkChoice } from './check-choice.ts';
import { invalid } from './description-error.ts';
import { deployedSizes, resolutionOptions } from './resolution.ts';

/** Throws `space-invalid`. */
export function checkResolution(resolution: ResolutionDescription): void {
  const { deployment } = resolution;
  const path = 'resolution.deployment';
  if ('from' in deployment) checkChoice(deployment, path);
  const sizes = deployedSizes(resolution).map((size) => size.join(' x '));
  const twice = sizes.find((size, i) => sizes.indexOf(size) !== i);
  if (twice !== undefined) throw invalid(path, `${twice} is listed twice`, 'List every size once.');
}

/** Every size of a purpose, with its place in the description. */
export function resolutionSizes(
  { resolution }: Pick<SpaceDescription, 'resolution'>,
  purpose: 'scoring' | 'deployment',
): readonly { readonly size: readonly [number, number]; readonly path: string }[] {
  const path = `resolution.${purpose}`;
  return resolutionOptions(resolution).map((option) => ({ size: option[purpose], path }));
}

/** @param path names what shrinks the image that far. Throws `space-invalid`. */
export function checkSize(description: SpaceDescription, reduction: number, path: string): void {
  for (const purpose of ['scoring', 'deployment'] as const) {
    const smallest = Math.min(...resolutionSizes(description, purpose).flatMap(({ size }) => size));
    if (smallest >= reduction) continue;
    throw invalid(
      path,
      `this stride shrinks the ${smallest} pixels of resolution.${purpose} below 1 pixel (by ${reduction})`,
      `Use a stride of 1 here, or at least ${reduction} pixels.`,
    );
  }
}
