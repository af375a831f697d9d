import type { ElectronApplication } from 'playwright-core';
import { inMain } from '../in-main.ts';

/** Where the person saves a file. Null cancels. */
export async function answerSaving(app: ElectronApplication, file: string | null): Promise<void> {
  await inMain(
    app,
    ({ dialog }, chosen: string | null) => {
      dialog.showSaveDialog = () =>
        Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
    },
    file,
  );
}

/** What the person answers in the system's dialogs, which a test cannot click. Null cancels. */
export async function answerDialogs(app: ElectronApplication, path: string | null): Promise<void> {
  await inMain(
    app,
    ({ dialog }, chosen: string | null) => {
      dialog.showOpenDialog = () =>
        Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
    },
    path,
  );
}
