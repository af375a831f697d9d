import { describe, expect, it } from 'vitest';
import { csvOfTable, tabbedTable, textOfTable } from '../../../renderer/ground/table-text.ts';

function tableOf(html: string): HTMLTableElement {
  const host = document.createElement('div');
  host.innerHTML = `<table>${html}</table>`;
  return host.querySelector('table')!;
}

describe('a table of the page as text', () => {
  it('takes what cells show, or what they say more exactly, and no buttons', () => {
    const table = tableOf(`
      <thead><tr><th>Name</th><th>MACs</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>
        <tr aria-hidden="true"><td>a spacer</td></tr>
        <tr><td><button class="link"> c-0001
          </button></td><td data-value="1234567">1.23 M</td><td><button class="btn">Resume</button></td></tr>
      </tbody>`);
    expect(textOfTable(table)).toEqual({ head: ['Name', 'MACs'], rows: [['c-0001', '1234567']] });
  });

  it('makes a column of groups, and names a column by what is only read out', () => {
    const table = tableOf(`
      <thead><tr><th>Front</th><th><span class="visually-hidden">Beaten</span></th></tr></thead>
      <tbody><tr><th colspan="2" scope="rowgroup">Counted</th></tr><tr><th>MACs</th><td>no</td></tr></tbody>
      <tbody><tr><th colspan="2" scope="rowgroup">Scores</th></tr><tr><th>NEAR</th><td>yes</td></tr></tbody>`);
    expect(textOfTable(table)).toEqual({
      head: ['Group', 'Front', 'Beaten'],
      rows: [
        ['Counted', 'MACs', 'no'],
        ['Scores', 'NEAR', 'yes'],
      ],
    });
  });

  it('says nothing where only a sentence stands in place of rows', () => {
    const table = tableOf(
      '<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td colspan="2">none</td></tr></tbody>',
    );
    expect(textOfTable(table)).toEqual({ head: ['A', 'B'], rows: [] });
    expect(csvOfTable(textOfTable(table))).toBe('A,B\n');
  });

  it('is CSV with names of its own for every column, and no formula', () => {
    const text = csvOfTable({
      head: ['Name', 'ms', 'ms'],
      rows: [
        ['=1+1', '−2.5', '3'],
        ['a, "b"', '', '1e3'],
      ],
    });
    expect(text).toBe(`Name,ms,ms 2\n'=1+1,-2.5,3\n"a, ""b""",,1000\n`);
  });

  it('has tabs for spreadsheets', () => {
    const text = tabbedTable({ head: ['A', 'B'], rows: [['one\ttwo', 'three\nfour']] });
    expect(text).toBe('A\tB\none two\tthree four');
  });
});
