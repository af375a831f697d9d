/** What a backbone must satisfy beyond its schema, and which features it can give. */
import type { Backbone, Choice, SpaceDescription } from '../common/space-description.ts';
import { checkChoice, checkKernel } from './check-choice.ts';
import { checkSize } from './check-resolution.ts';
import { checkNeighbours, checkStage } from './check-stage.ts';
import { valuesOf } from './choices.ts';
import { invalid } from './description-error.ts';
import type { Faults } from './faults.ts';
import { canVanish, stageForm, widthsOf } from './stage-form.ts';

/** Reductions of the features that a network of the backbone gives, fine to coarse; one list for each possibility. */
export type FeatureReductions = readonly (readonly number[])[];

export function checkBackbone(
  description: SpaceDescription,
  backbone: Backbone,
  path: string,
  faults: Faults,
): FeatureReductions {
  const choice = (one: Choice, at: string) => faults.check(() => checkChoice(one, at));
  if (backbone.kind === 'hrnet') {
    choice(backbone.width, `${path}.width`);
    choice(backbone.bottlenecks, `${path}.bottlenecks`);
    backbone.modules.forEach((one, i) => choice(one, `${path}.modules[${i}]`));
    choice(backbone.blocks, `${path}.blocks`);
    faults.check(() => checkSize(description, 32, `${path}.kind`));
    return [[4, 8, 16, 32]];
  }
  if (backbone.kind === 'nas-bench-201') {
    const { operations } = backbone;
    const twice = operations.findIndex((one, i) => operations.indexOf(one) !== i);
    if (twice >= 0) {
      const hint = 'Offer every operation once.';
      faults.add(invalid(`${path}.operations[${twice}]`, 'it is offered twice', hint));
    }
    faults.check(() => checkSize(description, 4, `${path}.kind`));
    return [[1, 2, 4]];
  }
  return checkStages(description, backbone, path, faults);
}

/** How far an image may be shrunk, and where features ended on the way. */
interface Way {
  readonly reduction: number;
  readonly ends: readonly number[];
}

function checkStages(
  description: SpaceDescription,
  { stem, stages }: Extract<Backbone, { kind: 'stages' }>,
  path: string,
  faults: Faults,
): FeatureReductions {
  // Otherwise every stride after one that shrinks too far would be complained about as well.
  let shrinks = true;
  const size = (reduced: number, at: string) => {
    if (!shrinks) return;
    shrinks = faults.check(() => {
      checkSize(description, reduced, at);
      return true;
    }, false);
  };
  let reduction = 1;
  let width: readonly number[] = [description.imageChannels ?? 3];
  stem.forEach((layer, i) => {
    const at = `${path}.stem[${i}]`;
    faults.check(() => checkKernel([layer.kernel], `${at}.kernel`));
    reduction *= layer.stride;
    size(reduction, `${at}.stride`);
    if ('pool' in layer) return;
    faults.check(() => checkChoice(layer.channels, `${at}.channels`));
    width = valuesOf(layer.channels).values;
  });
  let ways: readonly Way[] = [{ reduction, ends: [] }];
  stages.forEach((stage, i) => {
    const at = `${path}.stages[${i}]`;
    const form = stageForm(stage);
    const there = ways.flatMap((way) =>
      form.strides.map((stride): Way => {
        const reached = way.reduction * stride;
        return {
          reduction: reached,
          ends: [...way.ends.filter((end) => end !== reached), reached],
        };
      }),
    );
    ways = distinct(canVanish(form) ? [...ways, ...there] : there);
    size(Math.max(...ways.map((way) => way.reduction)), `${at}.stride`);
    const entering = width;
    faults.check(() => checkStage(stage, entering, at));
    width = widthsOf(form, entering);
  });
  faults.check(() => checkNeighbours(stages, path));
  return ways.map(({ reduction: last, ends }) => (ends.length === 0 ? [last] : ends));
}

function distinct(ways: readonly Way[]): readonly Way[] {
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
}
