/** Presets where nothing is set beside them: what the form of a search calls custom stands for version 0.1 here. */
import { presetChoices, type Preset } from '../../main/common/settings/score.ts';

export const namedPresets: readonly { readonly value: Preset; readonly label: string }[] = [
  { value: 'robust', label: presetChoices.robust.label },
  { value: 'paper', label: presetChoices.paper.label },
  { value: 'custom', label: 'As version 0.1' },
];
