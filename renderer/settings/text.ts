/** Words of the settings page. */
export const preferencesText = {
  title: 'Settings',
  subtitle: 'For the app as a whole; the settings of a search are made when it is started.',
  appearance: 'Appearance',
  theme: 'Theme',
  themeHint: 'Follows the system unless you choose one.',
  themes: { system: 'Follow the system', light: 'Light', dark: 'Dark' },
  notifications: 'Notifications',
  notifyWhenDone: 'Tell me when a search ends',
  notifyWhenDoneHint: 'With a system notification, when this window is not in front.',
  updates: 'Updates',
  checkForUpdates: 'Look for newer versions at startup and once a day',
  checkForUpdatesHint:
    'A newer version is downloaded in the background and installed when you close the window.',
  version: (version: string) => `Version ${version}`,
  check: 'Check now',
  state: {
    unavailable:
      'This copy was not installed from a package that can update itself. Get a newer version from where you got this one.',
    never: 'Not checked yet.',
    checked: (when: string) => `Up to date, checked ${when}.`,
    checking: 'Checking…',
    downloading: (version: string, percent: number) =>
      `Downloading version ${version}: ${percent} %`,
    ready: (version: string) =>
      `Version ${version} is ready. It will be installed when you close the window.`,
    failed: (message: string) => `The check failed: ${message}`,
  },
  storage: {
    title: 'Storage',
    places: {
      runs: 'Searches',
      settings: 'Settings',
      scores: 'Scores of benchmarks',
      cache: 'Cache',
      logs: 'Logs',
    },
    about: {
      runs: 'A file for each search, with everything that it found.',
      settings: 'Of this window, spaces of your own, and what the window itself caches.',
      scores: 'Shared with the command line, so that nothing is scored twice.',
      cache: 'What runs models on phones, unpacked; made again when it is missing.',
      logs: 'What went wrong, for a report. Nothing is sent.',
    },
    counting: 'counting…',
    files: (written: string, n: number) => `${written} ${n === 1 ? 'file' : 'files'}`,
    show: 'Show',
    showName: (place: string) => `Show the folder of ${place.toLowerCase()}`,
    free: (bytes: string) => `${bytes} are free on the disk of the searches.`,
    again: 'Count again',
  },
  help: 'Help',
  helpHint: 'What the keys do, and what to send along when something goes wrong.',
  computer: 'This computer',
  facts: {
    processor: 'Processor',
    cores: 'Cores',
    memory: 'Memory',
    engine: 'Engine',
    runs: 'Runs are kept in',
    electron: 'Electron',
  },
} as const;
