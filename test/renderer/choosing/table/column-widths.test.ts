import { describe, expect, it } from 'vitest';
import { columnWidths } from '../../../../renderer/choosing/table/table-columns.ts';

const widths = (...all: readonly string[]) => all.map((width) => ({ width }));
const many = widths('92px', '78px', '84px', 'auto', 'auto', '11%', '9%', '9%', '9%', '11%', '52px');

describe('the columns of the table', () => {
  it('share it as they say where that leaves enough to those that take the rest', () => {
    const roomy = columnWidths(many, 1500);
    expect(roomy.widths).toEqual(many.map(({ width }) => width));
  });

  it('take as little as they can do with where it would not, and no less', () => {
    const { widths: narrow, least } = columnWidths(many, 912);
    expect(narrow).toEqual([
      ...['92px', '78px', '84px', 'auto', 'auto', '66px', '66px', '66px', '66px', '66px', '52px'],
    ]);
    const headed = many.map((column, i) => (i === 9 ? { ...column, least: 78 } : column));
    expect(columnWidths(headed, 912).widths[9]).toBe('78px');
    // The table scrolls sideways below this.
    expect(least).toBe(92 + 78 + 84 + 2 * 104 + 5 * 66 + 52);
  });
});
