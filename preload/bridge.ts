/** The page's only way out: the calls and events of the contract by name, and nothing else. */
import type { Bridge, CallResult, ErrorReport } from './contract.ts';
import { eventNames, methodNames } from './names.ts';

/** What the bridge needs of Electron's ipcRenderer. */
export interface Wire {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  on(channel: string, listener: (event: unknown, payload: unknown) => void): unknown;
  /** The path of a dropped file; empty for a file that a script made. */
  pathOf(file: File): string;
  off(channel: string, listener: (event: unknown, payload: unknown) => void): unknown;
}

/** Creates the bridge. Methods and events use their names as channels; main answers every call with a CallResult. */
export function createBridge(wire: Wire): Bridge {
  return Object.freeze<Bridge>({
    async call(method, ...args) {
      if (!methodNames.has(method)) return refused(unknownName('method', method));
      try {
        return (await wire.invoke(method, ...args)) as CallResult<never>;
      } catch (error) {
        return refused(unanswered(method, error));
      }
    },

    async drop(files) {
      // Electron reveals the path only for a real drop: a page cannot name a file that nobody dropped.
      const paths = files.map((file) => wire.pathOf(file)).filter((path) => path !== '');
      if (paths.length === 0) return refused(nothingDropped);
      // Runs are opened, everything else is a model to be scored.
      const isRun = (path: string): boolean => path.toLowerCase().endsWith('.zico');
      const kinds = [
        ['runs.dropped', paths.filter(isRun)],
        ['models.dropped', paths.filter((path) => !isRun(path))],
      ] as const;
      let answer: CallResult<null> = { ok: true, value: null };
      for (const [method, some] of kinds) {
        if (some.length === 0 || !answer.ok) continue;
        try {
          answer = (await wire.invoke(method, { paths: some })) as CallResult<null>;
        } catch (error) {
          answer = refused(unanswered(method, error));
        }
      }
      return answer;
    },

    dropTrained: (of, file) => oneDropped(wire, 'trained.dropped', file, of),

    dropGraph: (file) => oneDropped(wire, 'graphs.dropped', file),
    dropData: (folder) => oneDropped(wire, 'data.dropped', folder),

    on(event, listener) {
      if (!eventNames.has(event)) throw new Error(unknownName('event', event).message);
      // Electron's event object stays here: with it, the page could send anything.
      const forward = (_event: unknown, payload: unknown): void => listener(payload as never);
      wire.on(event, forward);
      return () => void wire.off(event, forward);
    },
  });
}

/** Passes on the path of one file. @param about sent beside it */
async function oneDropped(
  wire: Wire,
  method: string,
  file: File,
  about: object = {},
): Promise<CallResult<never>> {
  const path = wire.pathOf(file);
  if (path === '') return refused(nothingDropped);
  try {
    return (await wire.invoke(method, { ...about, path })) as CallResult<never>;
  } catch (error) {
    return refused(unanswered(method, error));
  }
}

const nothingDropped: ErrorReport = {
  code: 'nothing-dropped',
  message: 'What was dropped is no file of this computer.',
  hint: 'Drop it from the file manager, or open it with the button of its page.',
};

function refused(error: ErrorReport): CallResult<never> {
  return { ok: false, error };
}

function unknownName(kind: 'method' | 'event', name: unknown): ErrorReport {
  return {
    code: `unknown-${kind}`,
    message: `The bridge has no ${kind} ${typeof name === 'string' ? `"${name}"` : 'of that kind'}.`,
    hint: `Add the ${kind} to preload/contract.ts first.`,
  };
}

/** The report for a call that got no answer: its arguments could not be cloned, or the main process is gone. */
function unanswered(method: string, error: unknown): ErrorReport {
  const reason = error instanceof Error ? error.message : String(error);
  const notCloneable = reason.includes('could not be cloned');
  return {
    code: notCloneable ? 'bad-arguments' : 'no-answer',
    message: `The call ${method} failed: ${reason}`,
    hint: notCloneable
      ? 'Pass plain data only.'
      : 'Restart ZiCo Workbench; runs are safe in their files.',
  };
}
