import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lastLines, logError, logEvent, logTo } from '../../../main/electron/log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-log-'));
  file = path.join(folder, 'logs', 'workbench.log');
  logTo(file);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('the log of the window', () => {
  it('keeps what went wrong, with its time, and makes its folder', () => {
    logEvent('started');
    logError('Saving failed', new Error('no room'));
    const [first, second] = lastLines(2000).split('\n');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z started$/);
    expect(second).toContain('Saving failed: Error: no room');
    expect(console.error).toHaveBeenCalledTimes(1);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('lets nothing through that could steer a terminal', () => {
    logError('Reading \u001b[2Jx', 'y\u001b]0;title\u0007');
    const text = readFileSync(file, 'utf8');
    for (const character of ['\u001b', '\u0007']) expect(text).not.toContain(character);
  });

  it('begins anew once it is long, and keeps the file before', () => {
    logEvent('early');
    writeFileSync(file, `${'x'.repeat(600 * 1024)}\n`);
    logEvent('late');
    expect(statSync(file).size).toBeLessThan(200);
    expect(lastLines(1)).toMatch(/late$/);
    expect(lastLines(2).split('\n')).toHaveLength(2);
  });

  it('does not mind where it cannot be written', () => {
    writeFileSync(path.join(folder, 'taken'), '');
    logTo(path.join(folder, 'taken', 'workbench.log'));
    expect(() => logEvent('lost')).not.toThrow();
    expect(lastLines(5)).toBe('');
  });
});
