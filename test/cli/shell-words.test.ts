import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asTyped, quoted } from '../../main/cli/shell-words.ts';

describe('words for a shell', () => {
  it('are read as what they were', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(
          name.filter((text) => !text.includes('\0')),
          { minLength: 1 },
        ),
        (texts) => {
          for (const write of [quoted, asTyped]) {
            const said = execFileSync(
              'sh',
              ['-c', `printf '%s\\0' ${texts.map(write).join(' ')}`],
              {
                encoding: 'utf8',
              },
            );
            expect(said.split('\0').slice(0, -1)).toEqual(texts);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('have no quotes where none are needed', () => {
    expect(asTyped('runs/a-1.zico')).toBe('runs/a-1.zico');
    expect(asTyped("my run's.zico")).toBe(`'my run'\\''s.zico'`);
  });
});
