#!/usr/bin/env node
/** Entry of the command line, `zico`: the workbench in plain Node, without a window. */
import path from 'node:path';
import { processEnvironment } from './cli/process-environment.ts';
import { runCli } from './cli/run.ts';
import { productVersion } from './version.ts';

const here = import.meta.dirname;
const assetsFolder = path.join(here, 'assets');

// Built, the children's scripts lie beside this file; from source they lie in their folders.
const entries = import.meta.filename.endsWith('.ts')
  ? {
      engine: path.join(here, 'engine/child.ts'),
      latency: path.join(here, 'latency/child.ts'),
      data: path.join(here, 'task/child.ts'),
      adb: path.join(here, 'phone/adb/child.ts'),
    }
  : {
      engine: path.join(here, 'engine-child.js'),
      latency: path.join(here, 'latency-child.js'),
      data: path.join(here, 'data-child.js'),
      adb: path.join(here, 'adb-child.js'),
    };

/** Loaded when a command needs it: help and mistakes answer at once. */
async function openServices() {
  const { Workbench } = await import('./workbench.ts');
  const { nodeProcesses } = await import('./child/node-process.ts');
  return new Workbench({ processes: nodeProcesses, entries, assetsFolder, productVersion });
}

process.exitCode = await runCli(
  process.argv.slice(2),
  processEnvironment({ assetsFolder, openServices }),
);
