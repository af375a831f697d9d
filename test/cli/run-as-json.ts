import { expect } from 'vitest';
import { run } from './fake-workbench.ts';

/** What a command answers with `--json`; fails where it reports an error. */
export async function runAsJson(args: string[], options: Parameters<typeof run>[1] = {}) {
  const { code, stdout, stderr } = await run([...args, '--json'], options);
  expect(stderr).not.toContain('zico:');
  return { code, stderr, value: JSON.parse(stdout) as Record<string, never> };
}
