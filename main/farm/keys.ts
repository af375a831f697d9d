/** Names of what a farm keeps in Redis, and what it takes out at most. All lies below one prefix. */

/** Of everything of ours; access lists name it. */
export const prefix = 'zico';

/** What the keys mean; another number is another farm. */
export const farmFormat = 2;

export const formatKey = `${prefix}:format`;
/** Sorted set: keys of runs, by the server's time at which they were last seen, in seconds. */
export const runsKey = `${prefix}:runs`;
/** The same of searches that measure on phones. */
export const measuringRunsKey = `${prefix}:measuring-runs`;
/** Set: ids of workers. */
export const workersKey = `${prefix}:workers`;
export const runKey = (run: string): string => `${prefix}:run:${run}`;
export const measuringRunKey = (run: string): string => `${prefix}:measuring-run:${run}`;
export const briefKey = (digest: string): string => `${prefix}:brief:${digest}`;
export const workerKey = (worker: string): string => `${prefix}:worker:${worker}`;
export const drainKey = (worker: string): string => `${prefix}:drain:${worker}`;
export const workKey = (digest: string): string => `${prefix}:work:${digest}`;
export const resultKey = (job: string): string => `${prefix}:result:${job}`;
/** Prefix of the queues. */
export const queuePrefix = `${prefix}:queue`;
export const scoringQueue = (run: string): string => `score-${run}`;

const mebibyte = 2 ** 20;
/** Bytes. What is larger is not read. */
export const limits = {
  record: mebibyte / 4,
  job: 64 * 1024,
  result: 64 * mebibyte,
  /** Of a network that was measured: its repeats, with the phone's state around each. */
  measured: 16 * mebibyte,
  /** The description of a space, and settings. */
  brief: 4 * mebibyte,
  /** As much as a value of Redis can have. */
  work: 512 * mebibyte,
} as const;
/** Records of one kind that are read at most. */
export const mostRecords = 2000;

/** Seconds after which Redis forgets. */
export const lifetimes = {
  /** Of what says that somebody is there. */
  record: 30,
  /** Of images and settings that nobody uses any more. */
  work: 24 * 3600,
  /** Of results that nobody has fetched. */
  result: 7 * 24 * 3600,
  /** Of a queue whose search has not been seen. */
  queue: 7 * 24 * 3600,
  drain: 24 * 3600,
} as const;

/** Milliseconds between two signs of life, and between two looks at the farm. */
export const usualHeartbeatMs = 2000;
