/** How much memory another process holds, and whether the system ran out of it. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import pidusage from 'pidusage';

/**
 * Resident memory in bytes. Linux answers from a file; elsewhere a program has to be started, which costs
 * a hundred times more.
 * @throws Error where the process has ended
 */
export async function residentBytes(pid: number): Promise<number> {
  if (process.platform !== 'linux') return (await pidusage(pid)).memory;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`process ${pid} has ended`);
  return Number(kibibytes) * 1024;
}

/** How many processes Linux has ended since its start because memory ran out; 0 where nobody counts. */
export function outOfMemoryKills(): number {
  if (process.platform !== 'linux') return 0;
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // not every container shows it
  }
}
