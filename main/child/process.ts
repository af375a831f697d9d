/**
 * Child processes as the rest of the product sees them. Native code that blocks or may crash runs in
 * one; Electron and plain Node start them differently (node-process.ts, electron/utility-process.ts).
 */
/** Both null: the process could not be started. */
export interface ExitReason {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface ChildHandle {
  readonly pid: number | undefined;
  /** Structured clone; typed arrays and maps arrive as they are. */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (reason: ExitReason) => void): void;
  /** Ends the process at once, whatever it is doing. */
  kill(): void;
}

export interface ChildProcesses {
  /**
   * @param entry absolute path of the child's script
   * @param name shown in process lists
   */
  start(entry: string, name: string): ChildHandle;
}

const ourPrefix = 'ZiCo ';

/** What process lists call a child that does this. */
export const childName = (task: string): string => `${ourPrefix}${task}`;

/** Whether a process of that name is one of our children: Electron has others, for sound and the network. */
export const isOurChild = (name: string): boolean => name.startsWith(ourPrefix);

/**
 * Of every child. onnxruntime for Linux and macOS reports its use to its makers unless told not to: it keeps
 * an identifier of the machine below the home folder, a log in the temporary one, and sends over HTTPS. It
 * reads this when it is loaded (docs/decisions/0009-onnxruntime-reports.md).
 */
export const quietEnvironment: Readonly<Record<string, string>> = { ORT_DISABLE_TELEMETRY: '1' };

/**
 * glibc settings of a child that computes: one heap that never gives pages back, in huge pages where
 * there are any. The first touch of a fresh page can cost more than computing on it. Electron's own
 * allocator ignores them.
 */
export const allocatorEnvironment: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '4294967296',
  MALLOC_TRIM_THRESHOLD_: '68719476736',
  MALLOC_TOP_PAD_: '67108864',
  GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
};
