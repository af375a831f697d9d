import { contentsOf, type RunContents } from '../workbench/run-contents.ts';
import type { AskedServices } from './services.ts';

/** Throws WorkbenchError: what opening a run throws. */
export function readRun(
  services: Pick<AskedServices, 'openRunReadOnly'>,
  run: string,
): RunContents {
  const reader = services.openRunReadOnly(run);
  try {
    return contentsOf(reader);
  } finally {
    reader.close();
  }
}
