import { describe, expect, it } from 'vitest';
import { stageColumnWidths } from '../../../../renderer/spaces/editor/stage-columns.ts';
import { stageFields } from '../../../../renderer/spaces/editor/stage-fields.ts';
import { spacesText } from '../../../../renderer/spaces/text.ts';

const widths = (...stages: Parameters<typeof stageColumnWidths>[0]) => {
  const { editor } = spacesText;
  const all = stageColumnWidths(stages, editor, editor.asNetwork);
  return Object.fromEntries(stageFields.map((field, i) => [field, all[i]!]));
};
/** A field's own padding and border, and characters of 7.3 pixels. */
const room = (text: string) => text.length * 7.3 + 16;

describe('a column of the stages', () => {
  it('is as wide as what stands in it, also where that is what an empty field means', () => {
    const [plain, full] = [
      widths({ block: 'mbconv', channels: 16 }),
      widths({
        ...{ block: 'mbconv', channels: { gene: 'width', choices: [16, 32] } },
        ...{ kernel: [3, 5, 7], expansion: [2.3, 2.5, 6], squeezeExcite: [false, 'mobilenetv3'] },
      }),
    ];
    expect(plain['activation']).toBeGreaterThanOrEqual(room('network’s'));
    expect(plain['convolution']).toBeGreaterThanOrEqual(room('depthwise'));
    expect(full['kernel']).toBeGreaterThanOrEqual(room('3, 5, 7'));
    expect(full['expansion']).toBeGreaterThanOrEqual(room('2.3, 2.5, 6'));
    expect(full['squeezeExcite']).toBeGreaterThanOrEqual(room('no, mobilenetv3'));
    expect(full['channels']).toBeGreaterThanOrEqual(room('width: 16, 32'));
    expect(full['kernel']).toBeGreaterThan(plain['kernel']!);
  });

  it('has room for the kinds of a stage, and an end', () => {
    const oneOf = { 'a-kind-of-mobile': { block: 'mbconv', expansion: [1, 2, 3, 4] }, b: null };
    const mixed = widths({ oneOf, channels: 16 });
    expect(mixed['expansion']).toBeGreaterThanOrEqual(room('1, 2, 3, 4'));
    expect(mixed['channels']).toBeGreaterThanOrEqual(room('a-kind-of-mobile'));
    const long = widths({ block: 'conv', channels: Array.from({ length: 60 }, (_, i) => 8 * i) });
    expect(long['channels']).toBeLessThan(160);
    expect(widths(null)).toEqual(widths());
  });
});
