import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShellReader } from '../../../../main/phone/adb/shell-v2.ts';
import { shellWord } from '../../../../main/phone/shell-word.ts';

function packet(kind: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head[0] = kind;
  head.writeUInt32LE(data.length, 1);
  return Buffer.concat([head, data]);
}

describe('packets of the shell', () => {
  it('are put together from pieces of any size', () => {
    const streams = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ unit: 'grapheme' })));
    fc.assert(
      fc.property(streams, fc.nat(255), fc.integer({ min: 1, max: 9 }), (sent, exitCode, step) => {
        const bytes = Buffer.concat([
          ...sent.map(([kind, text]) => packet(kind, Buffer.from(text))),
          packet(3, Uint8Array.of(exitCode)),
        ]);
        const reader = new ShellReader();
        let result = null;
        for (let at = 0; at < bytes.length; at += step) {
          expect(result).toBeNull();
          result = reader.take(bytes.subarray(at, at + step));
        }
        const all = (of: number) =>
          Buffer.concat(sent.filter(([kind]) => kind === of).map(([, text]) => Buffer.from(text)));
        expect(result).toEqual({
          exitCode,
          stdout: all(1).toString(),
          stderr: all(2).toString(),
        });
      }),
    );
  });
});

describe('a quoted word', () => {
  it('is one word of a shell, as it was', () => {
    for (const word of ['plain', "it's", '$HOME `id` "x" \\ *', 'two\nlines', '']) {
      const said = execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(word)}`], {
        encoding: 'utf8',
      });
      expect(said).toBe(word);
    }
  });
});
