/** How each field of a stage is written in the form, and read. */
import { activations } from '../../../main/common/space-description.ts';
import {
  choiceText,
  convolutionText,
  excitationText,
  namesText,
  readChoice,
  readConvolutions,
  readExcitations,
  readFactors,
  readNames,
  readStrides,
  type FieldReading,
} from './space-form.ts';
import type { Json } from './space-json.ts';
import type { StageField } from './stage-fields.ts';

export interface FieldText {
  format(value: Json | undefined): string;
  /** @param words texts that stand for themselves, such as `same` */
  read(typed: string, words: readonly string[]): FieldReading;
  /** Which words of the editor say what can be written. */
  readonly help: 'choice' | 'factors' | 'convolution' | 'excitation' | 'activations' | 'strides';
}

const choice: FieldText = {
  format: choiceText,
  read: readChoice,
  help: 'choice',
};

export const fieldTexts: Readonly<Record<StageField, FieldText>> = {
  channels: choice,
  kernel: choice,
  repeats: choice,
  expansion: { format: choiceText, read: readFactors, help: 'factors' },
  stride: { format: choiceText, read: readStrides, help: 'strides' },
  convolution: { format: convolutionText, read: readConvolutions, help: 'convolution' },
  squeezeExcite: { format: excitationText, read: readExcitations, help: 'excitation' },
  activation: { format: namesText, read: readNames(activations), help: 'activations' },
};
