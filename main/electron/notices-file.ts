/** Where the licences of everything that the program carries can be read. */
import path from 'node:path';

export interface ProgramPlace {
  readonly packaged: boolean;
  /** Folder of the built parts. */
  readonly dist: string;
  readonly executable: string;
  readonly platform: NodeJS.Platform;
}

/** Beside an installed program (on a Mac beside its folder, as electron-builder lays it), else beside the built parts. */
export function noticesFile({ packaged, dist, executable, platform }: ProgramPlace): string {
  const beside = path.dirname(executable);
  const folder = !packaged ? dist : platform === 'darwin' ? path.dirname(beside) : beside;
  return path.join(folder, 'THIRD_PARTY_NOTICES.txt');
}
