import type { ElectronApplication } from 'playwright-core';

type Electron = typeof Electron.CrossProcessExports;

/**
 * Runs a function in Electron's main process, once more where its answer was lost: the inspector forgets it when
 * that process collects garbage between question and answer. So it must do no harm twice.
 */
export async function inMain<R, A = undefined>(
  app: ElectronApplication,
  ask: (electron: Electron, argument: A) => R,
  argument?: A,
): Promise<R> {
  const evaluate = app.evaluate.bind(app) as (ask: unknown, argument: unknown) => Promise<R>;
  try {
    return await evaluate(ask, argument);
  } catch (error) {
    if (!String(error).includes('garbage collected')) throw error;
    return evaluate(ask, argument);
  }
}
