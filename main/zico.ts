#!/usr/bin/env node
/**
 * What people start: the command line, where Node is new enough for it. Loaded by any Node there is, so it says
 * nothing in words that an old one does not understand.
 */
import manifest from '../package.json' with { type: 'json' };

const needed = manifest.engines.node.replace('>=', '');
const parts = (version: string) => version.split('.').map(Number);
const [needMajor = 0, needMinor = 0] = parts(needed);
const [major = 0, minor = 0] = parts(process.versions.node);

if (major < needMajor || (major === needMajor && minor < needMinor)) {
  process.stderr.write(
    `zico needs Node ${needed} or newer, and this is ${process.version}: install a newer one (https://nodejs.org) and start it again.\n`,
  );
  process.exitCode = 2;
} else if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Asked by scripts again and again: nothing has to be loaded for it.
  process.stdout.write(`${manifest.version}\n`);
} else {
  void import('./cli.ts');
}
