/** Data as the workbench asks for them: a supervised child lists and decodes, and this side draws. */
import path from 'node:path';
import type { ChildProcesses } from '../child/process.ts';
import { SupervisedChild, type ChildLimits } from '../child/supervised-child.ts';
import type { DataProgress } from '../common/data-progress.ts';
import type { DataProblem, Task } from './batches.ts';
import type { Dataset, DatasetInfo } from './dataset.ts';
import { embeddedData, openEmbeddedInProcess } from './embedded.ts';
import type { Inspection } from './inspect-dataset.ts';
import type { InspectRequest, OpenRequest, ReadRequest } from './protocol.ts';

export interface DataSourceOptions {
  readonly processes: ChildProcesses;
  /** Script of the data child. */
  readonly entry: string;
  readonly limits: ChildLimits;
  /** Where the product's files lie. */
  readonly assetsFolder: string;
}

/** What a person chose: a file or folder, or null for the images that ship with the product. */
export interface DataChoice {
  readonly data: string | null;
  /** Null takes the task that the data are for; of the embedded data, those for classification. */
  readonly task: Task | null;
  /** Name of the kind; null detects it. */
  readonly kind?: string | null;
}

/** For callers that wait until data are open. */
export interface Waiting {
  /** Aborting it ends the child that is at work. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DataProgress) => void) | undefined;
}

/** What is known about a data set before any of its images is decoded. */
export interface DataDescription {
  readonly description: string;
  /** How many there are; some may turn out to be unusable. */
  readonly images: number;
  /** What is wrong with it, a sentence for each kind of problem, the most frequent first. */
  readonly problems: readonly string[];
}

/** How many kinds of problems a description tells. */
const toldKinds = 4;

export function describeDataset(info: DatasetInfo): DataDescription {
  const kinds = info.problemKinds ?? [];
  const told = kinds.slice(0, toldKinds).map(({ kind, count, examples: [first] }) => {
    const where = first === undefined ? '' : path.basename(first.file);
    return count === 1 && first
      ? `${where}: ${first.reason}`
      : `${count} × ${kind}, such as ${where}`;
  });
  const more = kinds.length - told.length;
  const rest = more > 0 ? [`and problems of ${more} more ${more === 1 ? 'kind' : 'kinds'}`] : [];
  return { description: info.description, images: info.count, problems: [...told, ...rest] };
}

export class DataSource {
  private readonly child: SupervisedChild;
  private readonly assetsFolder: string;

  constructor({ assetsFolder, ...options }: DataSourceOptions) {
    this.child = new SupervisedChild({ ...options, name: 'data' });
    this.assetsFolder = assetsFolder;
  }

  /**
   * Opens without decoding. What has been listed is not listed again as long as nothing in it changes. Throws
   * what `openDataset` throws, `data-timeout`, `data-aborted`, `engine-crashed`.
   */
  async open(choice: DataChoice, waiting: Waiting = {}): Promise<Dataset> {
    const inProcess = openEmbeddedInProcess(choice, this.assetsFolder);
    if (inProcess) return inProcess;
    const data = this.request(choice);
    return this.proxy(await this.ask<DatasetInfo>('open', data, waiting), data, waiting.signal);
  }

  /** @param check how many images are decoded to find faulty ones */
  inspect(choice: DataChoice, check: number, waiting: Waiting = {}): Promise<Inspection> {
    const request: InspectRequest = { data: this.request(choice), check };
    return this.ask<Inspection>('inspect', request, waiting);
  }

  close(): Promise<void> {
    return this.child.close();
  }

  private request({ data, task, kind = null }: DataChoice): OpenRequest {
    if (data === null) return embeddedData(task ?? 'classification', this.assetsFolder);
    return { path: data, kind, task };
  }

  private ask<T>(method: string, payload: unknown, { signal, onProgress }: Waiting): Promise<T> {
    const hear = onProgress && ((progress: unknown) => onProgress(progress as DataProgress));
    return this.child.request<T>(method, payload, signal, hear);
  }

  /**
   * The child's data set as a data set on this side. The child is responsible for images matching the task.
   * @param signal also ends its reading
   */
  private proxy(info: DatasetInfo, data: OpenRequest, signal?: AbortSignal): Dataset {
    const { count, description } = info;
    const opened = { count, description };
    const read = (indices: readonly number[], size?: readonly [number, number]) => {
      const request: ReadRequest = { data, opened, indices, size: size ?? null };
      return this.child.request('read', request, signal);
    };
    const changes = () => this.child.request<readonly DataProblem[]>('changes', data, signal);
    return { ...info, read, changes } as Dataset;
  }
}
