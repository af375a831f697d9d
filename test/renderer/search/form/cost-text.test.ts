import { expect, it } from 'vitest';
import { costText } from '../../../../renderer/search/form/text.ts';

it('says of a share of a large space that it is small, not that it is nothing', () => {
  expect(costText.shareOf(120 / 32_768)).toBe('0.37 %');
  expect(costText.shareOf(1)).toBe('100.00 %');
  expect(costText.shareOf(120 / 3e16)).toBe('less than 0.01 %');
});
