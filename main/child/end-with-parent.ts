/** A child of plain Node ends with its parent, also while it computes and hears nothing. */
import { Worker } from 'node:worker_threads';

/** Milliseconds between two looks. */
const intervalMs = 1000;

/** Runs on a thread of its own, so that native code or a long loop on the main one does not keep it. */
const watch = `
  const { workerData: parent } = require('node:worker_threads');
  const lives = () => {
    // An orphan is given to another process; where it keeps its parent's number, that number is free.
    if (process.ppid !== parent) return false;
    try {
      process.kill(parent, 0);
      return true;
    } catch (error) {
      return error.code !== 'ESRCH';
    }
  };
  setInterval(() => lives() || process.kill(process.pid, 'SIGKILL'), ${intervalMs});
`;

/**
 * The parent's channel closes when it dies; a child whose event loop is blocked then learns of it by looking.
 * Electron ends its utility processes itself.
 */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit(0));
  new Worker(watch, { eval: true, workerData: process.ppid, execArgv: [] }).unref();
}
