/** Keeps the computer awake while a search runs; the screen may sleep. */
import { powerSaveBlocker } from 'electron';

export function createAwakeKeeper(): (needed: boolean) => void {
  let id: number | null = null;
  return (needed) => {
    if (needed && id === null) id = powerSaveBlocker.start('prevent-app-suspension');
    if (!needed && id !== null) {
      powerSaveBlocker.stop(id);
      id = null;
    }
  };
}
