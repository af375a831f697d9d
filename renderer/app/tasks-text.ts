/** Words of the list of running tasks, and of the load. */
export const tasksText = {
  label: 'Running tasks',
  count: (n: number) => `${n} ${n === 1 ? 'task' : 'tasks'}`,
  none: 'No task running',
  noneHint: 'Searches, scoring and benchmarks appear here while they run.',
  left: (time: string) => `${time} left`,
  stop: (title: string) => `Stop ${title}`,
  open: (title: string) => `Open ${title}`,
  stopping: 'stopping',
  scoringAgain: 'Scoring again',
  measuringAgain: 'Measuring again',
  exporting: 'Exporting',
  measuringFront: 'Measuring the front again',
  load: (percent: string) => `${percent} of the processors`,
  loadTitle: (processes: number, memory: string) =>
    `${processes} ${processes === 1 ? 'process' : 'processes'} of the engine, ${memory} of memory`,
  stopCommand: (title: string) => `Stop the task ${title}`,
} as const;
