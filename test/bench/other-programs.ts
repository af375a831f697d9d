/** Programs that compute beside what is measured. */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';

/** Endless loops, the first of them held to the last core (Linux). @returns what ends them */
export function startPrograms(count: number): () => void {
  const programs = Array.from({ length: count }, (_, i) => {
    const held = i === 0 && process.platform === 'linux';
    const [program = '', ...args] = [
      ...(held ? ['taskset', '-c', String(cpus().length - 1)] : []),
      ...[process.execPath, '--eval', 'for (;;);'],
    ];
    return spawn(program, args, { stdio: 'ignore' });
  });
  return () => programs.forEach((one) => void one.kill('SIGKILL'));
}
