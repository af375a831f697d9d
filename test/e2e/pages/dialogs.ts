import type { ElectronApplication } from 'playwright-core';
import { inMain } from '../in-main.ts';

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
