/** What a field that is changed changes besides: pure, so that a sweep makes the same of its values as the form. */
import type { Preset } from '../../../main/common/settings/score.ts';
import type { SpaceSummary } from '../../../preload/contract.ts';
import { formText } from './text.ts';
import {
  decidedByPreset,
  isPreset,
  presetFields,
  type FormField,
  type FormValues,
} from './settings-form.ts';

/** What a preset says; custom leaves everything as it is. */
export function takingPreset(preset: Preset, space: SpaceSummary | undefined): Partial<FormValues> {
  return space && preset !== 'custom' ? presetFields(space.presets[preset]) : {};
}

/** Another space has images of another size, and perhaps of another task. */
export function suitingSpace({ preset }: FormValues, space: SpaceSummary): Partial<FormValues> {
  const { batchSize, beta } = space.presets.custom;
  return {
    ...{ data: null, scoringSize: '', name: formText.defaultName(space.name) },
    ...takingPreset(preset, space),
    ...(preset === 'custom' && { batchSize: String(batchSize), beta: String(beta) }),
  };
}

/** A field was changed: the preset's name stays only where its values do. */
export function afterField(
  values: FormValues,
  field: FormField,
  space: SpaceSummary | undefined,
): Partial<FormValues> {
  if (!decidedByPreset(field) || !space || values.preset === 'custom') return {};
  return isPreset(values, space.presets[values.preset]) ? {} : { preset: 'custom' };
}
