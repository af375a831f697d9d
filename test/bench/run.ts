/** `npm run bench -- NAME [arguments]` runs test/bench/NAME.ts; without a name it lists what there is. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { quietEnvironment } from '../../main/child/process.ts';

// Of what a benchmark loads into its own process; children set it themselves.
Object.assign(process.env, quietEnvironment);

const folder = import.meta.dirname;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => path.basename(file, '.ts'))
  .sort();

const name = process.argv[2];
if (name !== undefined && names.includes(name)) {
  // The benchmark finds its own arguments where a program started directly would.
  process.argv.splice(1, 2, path.join(folder, `${name}.ts`));
  await import(pathToFileURL(path.join(folder, `${name}.ts`)).href);
} else {
  if (name !== undefined) console.error(`There is no benchmark named ${name}.`);
  console.error('Usage: npm run bench -- NAME');
  console.error(
    names.length > 0 ? `Benchmarks: ${names.join(', ')}` : 'There are no benchmarks yet.',
  );
  process.exitCode = 2;
}
