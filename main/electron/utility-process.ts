/**
 * Children of the Electron app. child_process.fork would need the RunAsNode fuse, which a released app
 * has off; a utility process is Electron's own way and keeps native crashes away from the window.
 */
import { constants } from 'node:os';
import { utilityProcess } from 'electron';
import {
  quietEnvironment,
  type ChildHandle,
  type ChildProcesses,
  type ExitReason,
} from '../child/process.ts';

export const utilityProcesses: ChildProcesses = {
  start(entry, name): ChildHandle {
    const child = utilityProcess.fork(entry, [], {
      serviceName: name,
      env: { ...process.env, ...quietEnvironment },
      // As under plain Node: errors go to whoever started the app, results arrive as messages.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    let running = true;
    child.once('exit', () => (running = false));
    // A fatal error of the child's engine surfaces as the exit that follows.
    child.on('error', () => undefined);
    return {
      get pid() {
        return child.pid;
      },
      post: (message) => {
        if (running) child.postMessage(message);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', (code) => listener(reasonOf(code))),
      kill() {
        if (!running) return;
        // Electron's own kill sends SIGTERM, which a process deep in native code would not notice.
        if (child.pid === undefined) child.kill();
        else killAtOnce(child.pid);
      },
    };
  },
};

/**
 * Electron passes on the status from waitpid: the lowest seven bits are a signal, otherwise the code is above
 * them.
 */
function reasonOf(status: number): ExitReason {
  if (process.platform === 'win32') return { code: status, signal: null };
  const number = status & 0x7f;
  const known = Object.entries(constants.signals).find(([, value]) => value === number);
  return known ? { code: null, signal: known[0] } : { code: status >> 8, signal: null };
}

function killAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended between the check and the kill.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
