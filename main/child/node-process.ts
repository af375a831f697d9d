/** Children of a plain Node process: the command line and the tests. */
import { fork } from 'node:child_process';
import {
  allocatorEnvironment,
  quietEnvironment,
  type ChildHandle,
  type ChildProcesses,
} from './process.ts';

export const nodeProcesses: ChildProcesses = {
  start(entry): ChildHandle {
    const child = fork(entry, [], {
      serialization: 'advanced',
      env: { ...process.env, ...allocatorEnvironment, ...quietEnvironment },
      execArgv: [],
      // A child writes nothing to standard output: it belongs to the command's own result.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    // A failed send surfaces as the exit that follows; a failed start has none (onExit).
    child.on('error', () => undefined);
    return {
      pid: child.pid,
      post(message) {
        if (child.connected) child.send(message as never, () => undefined);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit(listener) {
        child.once('exit', (code, signal) => listener({ code, signal }));
        child.once('error', () => {
          if (child.pid === undefined) listener({ code: null, signal: null });
        });
      },
      kill: () => void child.kill('SIGKILL'),
    };
  },
};
