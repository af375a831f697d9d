import type { AskedServices } from '../asked/services.ts';
import { shown } from '../common/shown.ts';

/** The outside world of a command: everything it may touch besides files. */
export interface CliEnvironment {
  readonly version: string;
  /** Folder with the files that ship with the product. */
  readonly assetsFolder: string;
  /** Takes results: with --json, a JSON document and nothing else. */
  readonly stdout: (text: string) => void;
  /** Takes progress, warnings and errors for a person. */
  readonly stderr: {
    readonly write: (text: string) => void;
    readonly isTTY: boolean;
    /** Width of the terminal. */
    readonly columns: () => number;
  };
  /** The data that another program pipes in. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
  /** Starts the services when a command needs them, so that help and usage errors appear at once. */
  readonly openServices: () => Promise<AskedServices>;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** Opens the services for one command and closes them after it, whatever happens. */
export async function withServices<T>(
  environment: CliEnvironment,
  use: (services: AskedServices) => Promise<T>,
): Promise<T> {
  const services = await environment.openServices();
  try {
    return await use(services);
  } finally {
    await services.close();
  }
}

/** Prints a result: as JSON, or as a person wants to read it. */
export function print(
  environment: CliEnvironment,
  options: { readonly json?: boolean },
  value: unknown,
  readable: () => string,
): void {
  environment.stdout(`${options.json ? JSON.stringify(value, null, 2) : shown(readable())}\n`);
}
