/** Chromium's sandbox, looked at from outside. */
import { readFileSync, readlinkSync } from 'node:fs';
import { expect } from 'vitest';
import type { LaunchedApp } from './launch.ts';

/**
 * The page's process may make few system calls, gains no rights, and sees no other processes.
 * @param user whose the app is
 */
export async function expectSandbox({ app }: LaunchedApp, user: number): Promise<void> {
  const known = await app.evaluate(({ app: electron, webContents }) => ({
    unsafe: electron.commandLine.hasSwitch('no-sandbox'),
    page: webContents.getAllWebContents()[0]?.getOSProcessId(),
    user: process.getuid?.(),
  }));
  expect(known).toMatchObject({ unsafe: false, user });
  const status = readFileSync(`/proc/${known.page}/status`, 'utf8');
  expect(status).toMatch(/^Seccomp:\s+2$/m);
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  const processes = (pid: number | string | undefined) => readlinkSync(`/proc/${pid}/ns/pid`);
  expect(processes(known.page)).not.toBe(processes('self'));
}
