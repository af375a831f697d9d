/** Saves what the page made: the main side asks where to, and says what went wrong. */
import type { Bridge, MethodArguments } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';

/** @returns the name of the file without its folder; null where the person cancelled */
export async function saveFile(
  bridge: Bridge,
  wanted: MethodArguments<'files.save'>[0],
): Promise<string | null> {
  const saved = await ask(bridge, 'files.save', wanted);
  return saved && nameOf(saved.file);
}

export const nameOf = (file: string): string => file.split(/[/\\]/).at(-1) ?? file;
