#!/usr/bin/env node
/** Entry of the command line, `zico`: the workbench in plain Node, without a window. */
import { assetsFolder, childEntries as entries } from './child-entries.ts';
import { processEnvironment } from './cli/process-environment.ts';
import { runCli } from './cli/run.ts';
import { productVersion } from './version.ts';

/** Loaded only when a command needs it, so that help and usage errors appear at once. */
async function openServices() {
  const { Workbench } = await import('./workbench.ts');
  const { nodeProcesses } = await import('./child/node-process.ts');
  return new Workbench({ processes: nodeProcesses, entries, assetsFolder, productVersion });
}

process.exitCode = await runCli(
  process.argv.slice(2),
  processEnvironment({ assetsFolder, openServices }),
);
