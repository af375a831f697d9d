/** How wide the columns of the stages are: what stands in them can be read. */
import type { Json } from './space-json.ts';
import { isObject } from './space-json.ts';
import { fieldTexts } from './field-texts.ts';
import { stageFields, type StageField } from './stage-fields.ts';
import { blockKinds } from './vocabulary.ts';

/** Pixels of a character in a field, of one in a heading, and around a field's text. */
const [character, headingCharacter, around] = [7.3, 6.4, 22];
/** A text that is longer is scrolled within its field. */
const mostCharacters = 18;
const leastWidth = 44;

/**
 * Pixels that each column needs, in the order of `stageFields`.
 * @param headings what the columns are called
 * @param inherited what an empty activation says
 */
export function stageColumnWidths(
  stages: readonly Json[],
  headings: Readonly<Record<StageField, string>>,
  inherited: string,
): readonly number[] {
  const parts = stages.flatMap((stage) => {
    if (!isObject(stage)) return [];
    const kinds = stage['oneOf'];
    return [stage, ...(isObject(kinds) ? Object.values(kinds).filter(isObject) : [])];
  });
  // Kinds of block have their names where stages have their channels.
  const names = stages.flatMap((stage) =>
    isObject(stage) && isObject(stage['oneOf']) ? Object.keys(stage['oneOf']) : [],
  );
  return stageFields.map((field) => {
    const named = field === 'channels' ? names : [];
    const texts = [...parts.map((part) => textIn(part, field, inherited)), ...named].map(
      ({ length }) => length,
    );
    const longest = Math.min(mostCharacters, Math.max(0, ...texts));
    const heading = headings[field].length * headingCharacter;
    return Math.ceil(Math.max(leastWidth, heading, longest * character + around));
  });
}

/** What stands in the field, or would. */
function textIn(part: { [key: string]: Json }, field: StageField, inherited: string): string {
  const written = fieldTexts[field].format(part[field]);
  if (written !== '') return written;
  const { block } = part;
  const kind = typeof block === 'string' ? blockKinds[block] : undefined;
  if (!kind?.fields.includes(field)) return '';
  return field === 'activation' ? inherited : (kind.defaults[field] ?? '');
}
