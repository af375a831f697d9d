/** A workbench for one call: opened for it, closed after it, whatever happens. */
import { assetsFolder, childEntries } from '../child-entries.ts';
import { nodeProcesses } from '../child/node-process.ts';
import { productVersion } from '../version.ts';
import { Computer } from '../workbench/computer.ts';
import { Workbench } from '../workbench.ts';
import { typedError } from './errors.ts';

/**
 * There is one computer, whatever a program does at the same time: measurements on it run alone. This is all
 * that calls share.
 */
const thisComputer = new Computer();

/** Never aborts. */
const forever = new AbortController().signal;

/** Throws only WorkbenchErrors (`typedError`); `aborted` before anything starts if the signal is aborted. */
export async function inSession<T>(
  signal: AbortSignal | undefined,
  use: (workbench: Workbench, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    const workbench = new Workbench({
      processes: nodeProcesses,
      entries: childEntries,
      assetsFolder,
      productVersion,
      computer: thisComputer,
    });
    try {
      return await use(workbench, signal ?? forever);
    } finally {
      await workbench.close();
    }
  } catch (error) {
    throw typedError(error, signal);
  }
}
