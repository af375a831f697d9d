#!/usr/bin/env node
/**
 * The program that people start: runs the command line if Node is new enough. Any version of Node loads this file,
 * so it uses no syntax that old versions do not understand.
 */
import { readFileSync } from 'node:fs';
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
} else {
  const text = ready();
  if (text === null) void import('./cli.ts');
  else process.stdout.write(text);
}

/** Answers what scripts and starting shells ask for all the time, without loading the rest of the program. */
function ready(): string | null {
  const [command, shell, ...more] = process.argv.slice(2);
  if (command === '--version' && shell === undefined) return `${manifest.version}\n`;
  if (command !== 'completion' || more.length > 0 || !/^(bash|zsh|fish)$/.test(String(shell))) {
    return null;
  }
  try {
    return readFileSync(new URL(`./completion.${String(shell)}`, import.meta.url), 'utf8');
  } catch {
    return null; // run from source: nothing is built
  }
}
