import { expect, it } from 'vitest';
import { staysInFloat } from '../../../main/common/converting.ts';
import { convertText } from '../../../renderer/score/convert-text.ts';

it('what stays in float is named without a reason, which is not the same for all', () => {
  const said = 'Operators that stay in float: SOFTMAX (2), EXP (1).';
  expect(staysInFloat(['SOFTMAX (2)', 'EXP (1)'])).toBe(said);
  const kinds = [
    { kind: 'SOFTMAX', count: 2 },
    { kind: 'EXP', count: 1 },
  ];
  expect(convertText.inFloat(kinds)).toBe(said);
});
