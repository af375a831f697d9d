/** Keys of a farm in Redis, all under one prefix, and limits on what is read from them. */

/** The prefix of all our keys; access control lists name it. */
export const prefix = 'zico';

/** The format of the keys; another number is another farm. */
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
/** In bytes. Anything larger is not read. */
export const limits = {
  record: mebibyte / 4,
  job: 64 * 1024,
  result: 64 * mebibyte,
  /** Of a network that was measured: its repeats, with the phone's state around each. */
  measured: 16 * mebibyte,
  /** The description of a space, and settings. */
  brief: 4 * mebibyte,
  /** The largest possible value in Redis. */
  work: 512 * mebibyte,
} as const;
/** The most records of one kind that are read. */
export const mostRecords = 2000;

/** Seconds after which keys expire. */
export const lifetimes = {
  /** Signs of life of searches and workers. */
  record: 30,
  /** Images and settings that are no longer used. */
  work: 24 * 3600,
  /** Results that were never fetched. */
  result: 7 * 24 * 3600,
  /** Queues whose search has not been seen. */
  queue: 7 * 24 * 3600,
  drain: 24 * 3600,
} as const;

/** Milliseconds between two signs of life, and between two checks of the farm. */
export const usualHeartbeatMs = 2000;
