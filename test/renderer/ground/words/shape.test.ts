import { expect, it } from 'vitest';
import { outputInWords, shapeInWords } from '../../../../renderer/ground/words/shape.ts';

it('writes square maps short, others whole, and features without maps alone', () => {
  expect(shapeInWords([64, 56, 56])).toBe('64 × 56²');
  expect(shapeInWords([32, 40, 60])).toBe('32 × 40 × 60');
  expect(outputInWords({ channels: 16, height: 8, width: 8 })).toBe('16 × 8²');
  expect(outputInWords({ channels: 16, height: 8, width: 4 })).toBe('16 × 8 × 4');
  expect(outputInWords({ channels: 1000, height: 1, width: 1 })).toBe('1000');
});
