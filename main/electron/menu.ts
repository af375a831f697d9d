/** The application menu. Its commands reach the page as events; the system's own commands are roles. */
import { Menu, type AboutPanelOptionsOptions, type MenuItemConstructorOptions } from 'electron';
import type { EventPayload } from '../../preload/contract.ts';

type Command = EventPayload<'menu.command'>['command'];

export interface MenuOptions {
  readonly run: (command: Command) => void;
  readonly showRunsFolder: () => void;
  readonly showLogs: () => void;
  /** The licences of what the program carries. */
  readonly showLicences: () => void;
  /** Developer tools and reload: not in the product that people install. */
  readonly development: boolean;
}

/**
 * The text of the system's About window, which would otherwise be about Electron.
 * @param icon file of the picture that Linux and Windows show in it
 */
export function aboutPanelOptions(version: string, icon: string): AboutPanelOptionsOptions {
  return {
    applicationName: 'ZiCo Workbench',
    applicationVersion: version,
    iconPath: icon,
    copyright: 'MIT licence, the ZiCo Workbench authors',
    credits: 'Finds vision networks for a phone without training any of them.',
  };
}

export function applicationMenu({
  run,
  showRunsFolder,
  showLogs,
  showLicences,
  development,
}: MenuOptions): Menu {
  const mac = process.platform === 'darwin';
  const item = (label: string, accelerator: string, command: Command) => ({
    id: command,
    label,
    accelerator,
    click: () => run(command),
  });
  const file: MenuItemConstructorOptions[] = [
    item('New Search', 'CommandOrControl+N', 'new-search'),
    item('Open Run…', 'CommandOrControl+O', 'open-run'),
    { type: 'separator' },
    item('All Searches', 'CommandOrControl+L', 'runs'),
    { label: 'Show Runs Folder', click: showRunsFolder },
    { type: 'separator' },
    item('Settings…', 'CommandOrControl+,', 'settings'),
    { type: 'separator' },
    { role: mac ? 'close' : 'quit' },
  ];
  const view: MenuItemConstructorOptions[] = [
    item('Command Palette…', 'CommandOrControl+K', 'palette'),
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (development) view.push({ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' });
  const template: MenuItemConstructorOptions[] = [
    { label: '&File', submenu: file },
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { id: 'guide', label: 'Guide', click: () => run('guide') },
        item('Keyboard Shortcuts', 'F1', 'shortcuts'),
        { id: 'report', label: 'Report a Problem…', click: () => run('report') },
        { label: 'Show Logs', click: showLogs },
        { label: 'Licences', click: showLicences },
        { role: 'about' },
      ],
    },
  ];
  return Menu.buildFromTemplate(mac ? [{ role: 'appMenu' }, ...template] : template);
}
