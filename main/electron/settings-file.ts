/** A small file of the window's settings, written whole or not at all. */
import { writeSmallFileAtomically } from '../atomic-write.ts';
import { WorkbenchError } from '../errors.ts';

/**
 * @param what is saved, as a person would call it
 * @throws WorkbenchError `preferences-not-saved`; the file is as it was then
 */
export function saveSettings(file: string, settings: unknown, what: string): void {
  try {
    writeSmallFileAtomically(file, JSON.stringify(settings, null, 2));
  } catch (cause) {
    throw new WorkbenchError(
      'preferences-not-saved',
      `${what} could not be saved to ${file}: ${(cause as Error).message}`,
      'Make room or give this account the right to write there, then set it again.',
      { cause },
    );
  }
}
