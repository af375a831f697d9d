import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { saidInWindow } from '../../../../main/electron/farm/said-in-window.ts';
import { farmFailure, noRedis, noTls, otherMode } from '../../../../main/farm/failures.ts';
import { passwordNeeded, tlsNeeded } from '../../../../main/farm/failures.ts';

const url = 'rediss://farm.example.org:6380';
const answers = [
  ...['WRONGPASS invalid', 'NOAUTH', 'NOPERM no permissions', 'WRONGTYPE', 'OOM', 'MISCONF'],
  ...['READONLY', 'NOREPLICAS', 'CLUSTERDOWN', 'DENIED', 'ERR DB index is out of range'],
  ...['ERR max number of clients reached', 'ERR unknown command', 'read ECONNRESET'],
  ...['self-signed certificate', 'tlsv1 alert unknown ca', 'tlsv1 alert protocol version'],
];
const failures = [
  ...answers.map((said) => farmFailure(new Error(said), url)),
  ...[noRedis(url, null), noTls(url, null), tlsNeeded(url, null), passwordNeeded(url, null)],
  ...[otherMode(url, 'cluster'), otherMode(url, 'sentinel')],
];
const docs = (name: string) =>
  readFileSync(path.join(import.meta.dirname, '../../../../docs', name), 'utf8');

describe('what stands between the window and a farm', () => {
  it.each(failures.map((failure) => [failure.message, failure] as const))(
    'is mended by no option and no file beside the sources: %s',
    (_, failure) => {
      expect(saidInWindow(failure.toReport()).hint).not.toMatch(/docs\/|\.md|(^| )--[a-z]/);
    },
  );

  it('is mended by what a page of the guide has as docs/farm.md does', () => {
    const page = docs('guide/many-machines.md');
    const { hint } = saidInWindow(farmFailure(new Error('NOPERM'), url).toReport());
    const [, title] = /the guide, "(.*)"/.exec(hint)!;
    expect(page).toContain(`# ${title}\n`);
    const [, settings] = /## The Redis[^]*?```\n([^]*?)```/.exec(page)!;
    const known = docs('farm.md').split('\n');
    const lines = settings!.trim().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(known).toContain(line);
  });
});
