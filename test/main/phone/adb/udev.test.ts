import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { noPermission } from '../../../../main/phone/adb/errors.ts';
import { udev } from '../../../../main/phone/adb/udev.ts';

/** udev(7): a line is pairs of key, operator and quoted value, apart by commas. */
function parse(line: string): { key: string; operator: string; value: string }[] {
  return line.split(/,\s*/).map((pair) => {
    const parts = /^([A-Z]+(?:\{[^}]+\})?)(==|!=|\+=|-=|:=|=)"([^"]*)"$/.exec(pair);
    if (!parts) throw new Error(`This is no pair: ${pair}`);
    return { key: parts[1]!, operator: parts[2]!, value: parts[3]! };
  });
}

describe('the udev rule', () => {
  const pairs = parse(udev.rule);

  it('is one line that asks before it changes', () => {
    expect(udev.rule).not.toContain('\n');
    const comparing = ['==', '!='];
    const asked = pairs.filter(({ operator }) => comparing.includes(operator));
    expect(pairs.slice(0, asked.length)).toEqual(asked);
    expect(asked).toEqual([
      { key: 'SUBSYSTEM', operator: '==', value: 'usb' },
      { key: 'ATTR{idVendor}', operator: '==', value: '04e8' },
    ]);
  });

  it('lets the person at the computer in, and nobody else', () => {
    const set = Object.fromEntries(pairs.slice(2).map(({ key, value }) => [key, value]));
    expect(set).toEqual({ MODE: '0660', GROUP: 'plugdev', TAG: 'uaccess' });
    // A tag is added to others; a plain = would take theirs away.
    expect(pairs.find(({ key }) => key === 'TAG')?.operator).toBe('+=');
  });

  it('stands in a file that udev reads before it hands devices to whoever sits there', () => {
    const number = /^\/etc\/udev\/rules\.d\/(\d+)-[\w-]+\.rules$/.exec(udev.file)?.[1];
    expect(Number(number)).toBeLessThan(73);
  });

  it('is the one that the error and the documents show', () => {
    const { hint } = noPermission('R58M');
    const docs = readFileSync(
      path.resolve(import.meta.dirname, '../../../../docs/phone.md'),
      'utf8',
    );
    for (const text of [udev.rule, udev.file, udev.reload]) {
      expect(hint).toContain(text);
      expect(docs).toContain(text);
    }
  });

  // systemd 254 and later can tell; older ones and other systems have no such command.
  const able = spawnSync('udevadm', ['verify', '--help']).status === 0;
  it.runIf(able)('passes udevadm verify', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-udev-'));
    try {
      const file = path.join(folder, path.basename(udev.file));
      writeFileSync(file, `${udev.rule}\n`);
      const { status, stdout, stderr } = spawnSync('udevadm', [
        ...['verify', '--resolve-names=never', file],
      ]);
      expect([stdout, stderr].map(String).join('')).not.toMatch(/error|invalid/i);
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
