// Stands where Electron's default_app stands: `electron [-r module] [switches] <app folder or file>`.
// The runtime fetched for tests comes without one (see test/runtime/electron.ts).
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);
const positional = [];
const given = process.argv.slice(1);
while (given.length > 0) {
  const argument = given.shift();
  // Playwright hands its own start-up module over with -r.
  if (argument === '-r' || argument === '--require') require(path.resolve(given.shift()));
  else if (!argument.startsWith('-')) positional.push(argument);
}

const target = path.resolve(positional[0] ?? '.');

/** @returns {string} the main file of the application in that folder, after telling Electron about it */
function adopt(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  app.setName(manifest.productName ?? manifest.name);
  if (manifest.version) app.setVersion(manifest.version);
  app.setAppPath(folder);
  return path.join(folder, manifest.main ?? 'index.js');
}

const entry = statSync(target).isDirectory() ? adopt(target) : target;

// Awaited at top level: Electron holds `ready` back until this module has finished, and things such
// as protocol.registerSchemesAsPrivileged are only allowed before it.
await import(pathToFileURL(entry).href);
