/** Writes dist/main/completion.SHELL: what `zico completion` prints, ready to be printed without loading any command. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** @param root of the project, whose command line is built */
export function writeCompletions(root: string): void {
  const main = path.join(root, 'dist/main');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = execFileSync(process.execPath, [path.join(main, 'cli.js'), 'completion', shell]);
    writeFileSync(path.join(main, `completion.${shell}`), script);
  }
}
