import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shown, shownInLine } from '../../../main/common/shown.ts';

/** What a terminal acts on, or what turns text round. */
const steering = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, i) => 0x7f + i),
  ...[0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));
const anything = fc.array(
  fc.oneof(fc.constantFrom(...steering), fc.string({ unit: 'grapheme', maxLength: 5 })),
);

describe('text for a terminal', () => {
  it('shows what would steer it', () => {
    expect(shown('\x1b[2Jconv\x07')).toBe('\\x1b[2Jconv\\x07');
    expect(shown('gpj.\u202ecod\u009b31m')).toBe('gpj.\\u202ecod\\x9b31m');
    expect(shownInLine('a\nzico: all is well\r\tb')).toBe('a\\nzico: all is well\\x0d\\tb');
  });

  it('sends nothing of it, whatever it is in, and keeps its lines', () => {
    fc.assert(
      fc.property(anything, (parts) => {
        const text = parts.join('');
        const sent = [...shownInLine(text)];
        for (const character of steering) expect(sent).not.toContain(character);
        expect(shown(text).split('\n')).toHaveLength(text.split('\n').length);
      }),
    );
  });

  it('leaves every other text as it is', () => {
    for (const text of ['Größe 3 × 4 µm, "ok"', '日本語', 'شبكة', 'a\tb\nc', '🙂']) {
      expect(shown(text)).toBe(text);
    }
  });
});
