/** The one window: a sandboxed page with the bridge and nothing else. */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { fittingBounds, minimumSize, readBounds, writeBounds } from './bounds.ts';
import { logError } from './log.ts';
import { pageUrl } from './page.ts';

/** The same as the page's --surface-frame, so that nothing flashes before the page is painted. */
const background = { light: '#f3f4f6', dark: '#0f1113' } as const;

export interface WindowOptions {
  readonly preload: string;
  /** File of the picture that a Linux desktop shows for it. */
  readonly icon: string;
  /** Where the bounds are kept between sessions. */
  readonly boundsFile: string;
}

export function createWindow({ preload, icon, boundsFile }: WindowOptions): BrowserWindow {
  const saved = readBounds(boundsFile);
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...fittingBounds(saved, screens),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'ZiCo Workbench',
    icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    show: false,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false, // it would download dictionaries
      // A search that runs behind another window must be up to date when the person comes back.
      backgroundThrottling: false,
    },
  });
  if (saved?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => rememberBounds(window, boundsFile));
  void window.loadURL(pageUrl);
  return window;
}

function rememberBounds(window: BrowserWindow, file: string): void {
  const bounds = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  try {
    writeBounds(file, bounds);
  } catch (error) {
    logError('The window’s place could not be saved', error); // not worth a dialog
  }
}
