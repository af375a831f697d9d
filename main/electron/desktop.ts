/** The system's dialogs and file manager behind the handlers' small interface. */
import {
  app,
  dialog,
  shell,
  type BrowserWindow,
  type MessageBoxOptions,
  type OpenDialogOptions,
} from 'electron';
import { WorkbenchError } from '../errors.ts';
import type { Desktop } from './handlers.ts';
import { loadOf } from './load.ts';
import type { SpaceDesktop } from './space-handlers.ts';

/** @param window to which the dialogs belong, and above which they open */
export function createDesktop(
  window: () => BrowserWindow | null,
): Desktop & SpaceDesktop & { askForData(name: string, data: string): Promise<boolean> } {
  const chooseAll = async (options: OpenDialogOptions): Promise<string[]> => {
    const parent = window();
    const answer = parent
      ? await dialog.showOpenDialog(parent, options)
      : await dialog.showOpenDialog(options);
    return answer.canceled ? [] : answer.filePaths;
  };
  const choose = async (options: OpenDialogOptions): Promise<string | null> =>
    (await chooseAll(options))[0] ?? null;
  const ask = async (question: MessageBoxOptions): Promise<boolean> => {
    const parent = window();
    const { response } = parent
      ? await dialog.showMessageBox(parent, question)
      : await dialog.showMessageBox(question);
    return response === 0;
  };
  return {
    electronVersion: process.versions.electron,
    load: () => loadOf(app.getAppMetrics()),
    chooseFolder: (title, buttonLabel) =>
      choose({ title, buttonLabel, properties: ['openDirectory', 'createDirectory'] }),
    chooseFile: (title, name, extension) =>
      choose({ title, filters: [{ name, extensions: [extension] }], properties: ['openFile'] }),
    chooseFiles: (title, name, extension) =>
      chooseAll({
        title,
        filters: [{ name, extensions: [extension] }],
        properties: ['openFile', 'multiSelections'],
      }),
    showFile: (file) => shell.showItemInFolder(file),
    /** A run from elsewhere may name any folder, or a host on a network. */
    askForData: (name, data) =>
      ask({
        type: 'question',
        message: `Read the images of the run “${name}”?`,
        detail: `They are in ${data}. The run was started by another account or by an older version. Continue only if you trust that location.`,
        buttons: ['Read Images', 'Cancel'],
        defaultId: 1,
        cancelId: 1,
        noLink: true,
      }),
    async chooseNewFile(title, suggested, name, extension) {
      const options = {
        title,
        defaultPath: suggested,
        filters: [{ name, extensions: [extension] }],
      };
      const parent = window();
      const answer = parent
        ? await dialog.showSaveDialog(parent, options)
        : await dialog.showSaveDialog(options);
      return answer.canceled || answer.filePath === '' ? null : answer.filePath;
    },
    async moveToTrash(path) {
      try {
        await shell.trashItem(path);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new WorkbenchError(
          'no-trash',
          `${path} could not be moved to the trash: ${reason}.`,
          'It is still there. Delete it in your file manager.',
          { cause },
        );
      }
    },
    async showInFileManager(path) {
      const failure = await shell.openPath(path);
      if (failure === '') return;
      throw new WorkbenchError(
        'no-file-manager',
        `The folder ${path} could not be shown: ${failure}`,
        'Open it in your file manager.',
      );
    },
  };
}

/** True when the person would rather stop the search than keep the window. */
export async function askToStop(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'A search is running.',
    detail:
      'Closing the window stops it. Everything found so far is stored, and you can resume the search later.',
    buttons: ['Stop and Close', 'Keep Searching'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}
