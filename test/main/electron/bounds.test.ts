import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fittingBounds, readBounds, writeBounds } from '../../../main/electron/bounds.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };

describe('the window’s place', () => {
  it('is 1280 by 800 at first', () => {
    expect(fittingBounds(null, [screen])).toEqual({ width: 1280, height: 800 });
  });

  it('is where it was', () => {
    const saved = { x: 100, y: 50, width: 1500, height: 900 };
    expect(fittingBounds(saved, [screen])).toEqual(saved);
  });

  it('is in sight when the screen it was on has gone', () => {
    const saved = { x: 2500, y: 50, width: 1500, height: 900 };
    expect(fittingBounds(saved, [screen])).toEqual({ width: 1280, height: 800 });
  });

  it('is no larger than the screen and no smaller than the page needs', () => {
    const saved = { x: 0, y: 0, width: 5000, height: 100 };
    expect(fittingBounds(saved, [screen])).toEqual({ x: 0, y: 0, width: 1920, height: 600 });
  });

  it('survives a file that was damaged', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-bounds-'));
    const file = path.join(folder, 'window.json');
    expect(readBounds(file)).toBeNull();
    writeFileSync(file, '{"x": "left"}');
    expect(readBounds(file)).toBeNull();
    const saved = { x: 1, y: 2, width: 1000, height: 700, maximized: true };
    writeBounds(file, saved);
    expect(readBounds(file)).toEqual(saved);
    rmSync(folder, { recursive: true });
  });
});
