/** English text about phones. */
import { portRange } from '../../main/common/ranges.ts';

const phones = (n: number): string => `${n} ${n === 1 ? 'phone' : 'phones'}`;

export const phonesText = {
  title: 'Phones',
  galaxyS10: 'Galaxy S10',
  unknown: 'A phone',
  /** Counts that are 0 are left out. */
  summary: (ready: number, waiting: number, other: number) => {
    if (ready + waiting + other === 0) return 'No phone plugged in';
    const parts = [
      ready > 0 ? `${ready} ready` : '',
      waiting > 0 ? `${waiting} waiting for you` : '',
      other > 0 ? `${other} not ready` : '',
    ];
    return parts.filter(Boolean).join(', ');
  },
  strip: {
    none: 'No phone',
    phones,
    adb: 'No adb',
    title: 'Open the page “Phones”',
  },
  adb: {
    looking: 'Looking for adb…',
    found: (version: string | null) => (version === null ? 'adb found' : `adb ${version}`),
    watching: 'watching',
    missing: 'adb is missing',
    trouble: 'adb does not work',
    where: (file: string, port: number) => `${file}, server on port ${port}`,
    settings: 'adb settings',
  },
  state: {
    ready: 'Ready',
    proving: 'Checking',
    unproven: 'Not checked yet',
    gated: {
      'phone-hot': 'Too warm',
      'phone-throttled': 'Throttled',
      'phone-battery-low': 'Battery low',
      'phone-asleep': 'Asleep',
      'phone-locked': 'Locked',
    } as Readonly<Record<string, string>>,
    notNow: 'Not now',
    unauthorized: 'Waiting for your permission',
    'no-permission': 'No permission to open it',
    offline: 'Not responding',
    connecting: 'Connecting…',
    'not-started': 'Not started',
    failed: 'Not responding',
  },
  steps: {
    label: 'What a phone needs before it measures',
    adb: 'adb found',
    seen: 'Phone seen',
    allowed: 'Allowed',
    proven: 'Runner checked',
    cool: 'Fit to measure',
    allow: 'Allow USB debugging on the phone',
    open: 'This user may open the port',
    answer: 'The phone responds',
    prove: 'A runner passes the check on a tiny model',
    coolBelow: (celsius: number) => `Fit to measure: below ${celsius} °C, awake, charged`,
    waiting: 'waiting',
    onceOnly: 'once per phone',
    done: 'done',
    toDo: 'to do',
  },
  unauthorized: {
    text: 'Unlock it. It asks this question; tick “Always allow”, then tap “Allow”.',
    question: 'Allow USB debugging?',
    key: 'The phone shows the fingerprint of this computer’s key.',
    always: 'Always allow from this computer',
    cancel: 'Cancel',
    allow: 'Allow',
    drawn: 'How the question on the phone looks',
    noQuestion:
      'No question? Unplug the cable and plug it back in. If that does not help: Settings > Developer options > Revoke USB debugging authorisations, then plug it in again.',
  },
  permission: {
    text: (file: string) =>
      `On Linux only root may open this phone. A rule changes that: put this line into ${file}`,
    then: 'then run this and plug the phone in again:',
    package:
      'On Debian and Ubuntu, the package android-sdk-platform-tools-common contains such rules.',
    rule: 'udev rule',
    command: 'command',
  },
  offline: {
    text: 'It is plugged in but does not respond. Unlock it, then unplug the cable and plug it back in. If that does not help, turn USB debugging off and on.',
    starting: 'It is in its boot loader or recovery, where nothing can be measured. Start Android.',
  },
  trouble: {
    'adb-missing': {
      title: 'adb is not on this computer',
      text: 'adb is the program that talks to Android phones. Install it, or say where it is; the Workbench finds it within a second.',
    },
    'adb-unusable': {
      title: 'The chosen adb cannot be run',
      text: 'Choose another file, or go back to the adb that was found automatically.',
    },
    'adb-version-conflict': {
      title: 'Two versions of adb',
      text: 'A server of another version runs on the same port. Each would stop the other, so the Workbench leaves it alone. Choose the adb that started it, or stop that server:',
    },
    'adb-server': {
      title: 'The adb server does not respond',
      text: 'Another program may be using its port. The Workbench keeps trying; you can choose another port in the settings.',
    },
  } as Readonly<Record<string, { readonly title: string; readonly text: string }>>,
  otherTrouble: 'The phones cannot be listed',
  install: {
    linux: { name: 'Debian, Ubuntu', command: 'sudo apt install adb' },
    darwin: { name: 'macOS', command: 'brew install android-platform-tools' },
    win32: { name: 'Windows', command: 'winget install Google.PlatformTools' },
    elsewhere: 'or the “SDK Platform-Tools” from developer.android.com',
  },
  chooseAdb: 'Choose adb…',
  forgetAdb: 'Use the adb that is found',
  copy: 'Copy',
  copied: 'Copied',
  copyOf: (what: string) => `Copy the ${what}`,
  empty: {
    title: 'Connect a phone',
    text: 'Candidates can be measured on a Galaxy S10 while the search runs. Nothing has to be installed on the phone; it needs no root and no account.',
    steps: [
      {
        title: 'Turn on the developer options',
        text: 'On the phone: Settings > About phone > Software information, then tap “Build number” seven times.',
      },
      {
        title: 'Turn on USB debugging',
        text: 'Settings > Developer options > USB debugging. “Stay awake” there keeps the screen on while it charges.',
      },
      {
        title: 'Plug it in',
        text: 'With a cable that carries data, into a port of this computer.',
      },
      {
        title: 'Allow this computer',
        text: 'The phone asks once; tick “Always allow from this computer” and tap “Allow”.',
      },
    ],
    watching: 'It appears here by itself.',
  },
  figures: {
    temperature: 'Battery temperature',
    gate: (celsius: number) => `gate ${celsius}`,
    thermal: 'Thermal status',
    thermalOf: ['none', 'light', 'moderate', 'severe', 'critical', 'emergency', 'shutdown'],
    battery: 'Battery',
    power: {
      usb: 'charging, USB',
      ac: 'charging, mains',
      wireless: 'charging, wireless',
      none: 'not charging',
    },
    screen: 'Screen',
    screenOf: {
      awake: 'on',
      locked: 'locked',
      asleep: 'off',
      dreaming: 'screen saver',
      dozing: 'dozing',
    },
    storage: 'Free space',
    free: (total: string) => `of ${total} GB`,
    unknown: 'unknown',
  },
  trace: {
    label: 'Temperature and frequency of the last half hour',
    temperature: 'Battery, °C',
    frequency: (kind: string) => `${kind}, GHz`,
    big: 'Fastest cores',
    now: 'now',
    minutes: (n: number) => `${n} min ago`,
    none: 'The trace starts with the second reading.',
    table: (at: string) => at,
    time: 'Time',
    battery: 'Battery, °C',
    fastest: 'Fastest cores, kHz',
  },
  clusters: {
    title: 'Cores, according to cpufreq',
    kinds: (i: number, n: number) => (i === n - 1 ? 'Big' : i === 0 ? 'Little' : 'Middle'),
    used: 'used',
    cores: (n: number) => `${n} ${n === 1 ? 'core' : 'cores'}`,
    none: 'This phone does not report how fast its cores are.',
  },
  runner: {
    title: 'Runner: the first one that passed the check',
    none: 'No runner has passed the check on this phone yet. The check copies about 30 MB to the phone for each runner it tries, runs a tiny model there and compares its output with the known one.',
    check: 'Check this phone',
    again: 'Check again',
    busy: 'It is measuring. Wait until it has finished, or stop it.',
    stop: 'Stop',
    steps: {
      asking: 'Asking for its cores…',
      trying: 'Running the self-test…',
      pushing: 'Copying the runtime…',
    },
    trying: (runner: string) => `with ${runner}`,
    exact: 'correct output',
    ran: 'ran; prints no output to compare',
    refused: 'refused',
    when: (moment: string) => `checked ${moment}`,
    provider: (name: string) => `on ${name.replace('ExecutionProvider', '')}`,
    failed: 'The check failed',
    unverified: 'unverified on hardware',
    hardware:
      'This runner has been tried with arm64 code under an emulator, but not on a real phone yet. Check that its latencies look plausible.',
  },
  gateHints: {
    'phone-hot':
      'It measures again once it has cooled down. Take it out of its case and out of the sun.',
    'phone-throttled': 'It measures again once Android lifts its limits.',
  } as Readonly<Record<string, string>>,
  problem: 'It could not be queried',
  form: {
    label: 'Phone',
    latency: 'Measured on a Galaxy S10 over USB',
    usual: (name: string) => `The usual one: ${name}`,
    none: 'No phone',
    shared: (n: number, model: string) => `All ${n} ${model} share the work`,
    openPage: 'Open the page “Phones”',
    looking: 'Looking for phones…',
    noPhone: 'No phone is plugged in.',
    notReady: 'A phone is plugged in, but it cannot be used yet.',
    several: (n: number) => `${n} phones are plugged in: choose one.`,
    missing: (serials: string) => `${serials} is not plugged in, or cannot be used yet.`,
    waits: 'The search starts now and measures once the phone is fit.',
    proven: (runner: string, when: string) => `${runner} passed the check on it ${when}.`,
    unproven: 'No runner has passed the check on it yet; the search runs the check first.',
    protocol: (settings: {
      readonly warmUp: number;
      readonly runs: number;
      readonly repeats: number;
      readonly threads: number;
    }) =>
      `Batch 1, ${settings.threads} ${settings.threads === 1 ? 'thread' : 'threads'}: ${settings.warmUp} warm-up and ${settings.runs} timed runs, ${settings.repeats === 1 ? 'once' : `at most ${settings.repeats} times`}, only while the phone is cool, charged and awake. Keep it plugged in: if it is unplugged, the search waits for it.`,
  },
  settings: {
    title: 'Phones',
    adb: 'adb',
    found: (file: string) => `Found: ${file}`,
    chosen: (file: string) => `Chosen: ${file}`,
    missing: 'None was found on PATH or in ANDROID_HOME.',
    idle: 'Searched for when you first open the page “Phones”.',
    port: 'Port of the adb server',
    portHint: 'Leave it empty for ANDROID_ADB_SERVER_PORT, or 5037.',
    portError: `A port is a whole number from ${portRange.from} to ${portRange.to}.`,
  },
} as const;
