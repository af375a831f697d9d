/** English text about a farm: other computers that score, and their phones that measure. */
import { getNothingText } from '../../main/common/farm-reasons.ts';
import { plural } from '../ground/words/plural.ts';

const stateWords = {
  working: 'Working',
  waiting: 'Waiting for work',
  draining: 'Taking nothing more',
} as const;

export const farmText = {
  title: 'Computers',
  subtitle: (workers: number, threads: number, rate: string) =>
    `${plural(workers, 'worker', 'workers')}, ${plural(threads, 'thread', 'threads')}, ${rate} scored a minute`,
  off: 'This computer alone',
  connecting: 'Connecting…',
  noWorker: 'Connected, no worker there',
  failed: 'No connection',
  connection: {
    title: 'The farm',
    about:
      'A farm is a Redis or Valkey that passes work on to other computers. On each of them “zico worker --farm URL” scores, and measures on the phones that are plugged in there.',
    guide: 'More than one machine, in the guide',
    address: 'Address',
    addressHint:
      'redis://127.0.0.1:6379 on this computer or through a tunnel, rediss://farm.example.org:6380 elsewhere',
    password: 'Password',
    kept: 'A password is kept by the system’s keyring',
    environment: 'The password is that of ZICO_FARM_PASSWORD',
    passwordHint: 'Kept by the system’s keyring, never in a file of this app',
    passwordPlaceholder: {
      none: 'none',
      kept: 'as it is kept',
      environment: 'as in the environment',
    },
    forgetPassword: 'Forget password',
    ca: 'Certificate authority',
    caOwn: (file: string) => file,
    caSystem: 'What the system trusts',
    chooseCa: 'Choose…',
    forgetCa: 'Use the system’s',
    insecure: 'Without TLS',
    insecureHint:
      'You trust the network between: everybody in it can read the password and change jobs',
    connect: 'Connect',
    forget: 'Forget this farm',
    server: (server: string) => `Connected to ${server}`,
  },
  trouble: (message: string) => `${message} What runs waits for it.`,
  workers: {
    title: 'Workers',
    none: 'No worker is there. Start one on any computer:',
    command: (url: string) => `zico worker --farm ${url}`,
    columns: {
      name: 'Worker',
      state: 'State',
      threads: 'Threads',
      atWork: 'At work',
      done: 'Scored',
      rate: 'A minute',
      failed: 'Failed',
      since: 'There for',
    },
    states: stateWords,
    drain: 'Drain',
    drainOf: (name: string) => `Drain ${name}: it finishes what it has and takes nothing more`,
    goOn: 'Resume',
    goOnOf: (name: string) => `Resume: ${name} takes jobs again`,
    details: (name: string) => `Details of ${name}`,
    computes: 'Computes',
    nothing: 'nothing at the moment',
    offers: 'Offers',
    offersText: (threads: number, instructions: string, gigabytes: string) =>
      `${plural(threads, 'thread', 'threads')}, ${instructions}, ${gigabytes} GB`,
    phonesOnly: 'only phones',
    unfit: (run: string) => `Gets nothing of ${run}`,
    lastErrors: 'Last errors',
    givenBack: (n: number) => `${n} given back`,
    ago: (span: string) => `${span} ago`,
  },
  runs: {
    title: 'Searches with jobs',
    none: 'No search has jobs at the moment.',
    columns: {
      space: 'Space',
      host: 'From',
      engine: 'Engine',
      waiting: 'Waiting',
      active: 'At work',
      places: 'Places',
      since: 'For',
    },
    any: 'any engine',
  },
  phones: {
    title: 'Phones',
    onFarm: 'On the farm',
    hint: 'Phones that are plugged into computers of the farm',
    columns: {
      phone: 'Phone',
      worker: 'Worker',
      state: 'State',
      measured: 'Measured',
      failed: 'Failed',
      last: 'Last',
      queue: 'Waiting for the model',
    },
    states: {
      idle: 'Free',
      starting: 'Starting',
      measuring: 'Measuring',
      waiting: 'Waiting',
      away: 'Away',
      taken: 'Taken by another program',
    },
  },
  failures: {
    title: 'Failures by reason',
    none: 'None.',
    foreign: 'Not of this version of the app, and left alone',
  },
  search: {
    title: 'The search of this window',
    news: (workers: number, places: number) =>
      `${plural(workers, 'worker scores', 'workers score')} for it, with ${plural(places, 'place', 'places')}`,
    unfit: (workers: readonly string[], why: string) => `${getNothingText(workers)}: ${why}`,
  },
  strip: {
    title: 'Open the page “Computers”',
    workers: (n: number) => plural(n, 'worker', 'workers'),
    trouble: 'Farm does not answer',
  },
} as const;
