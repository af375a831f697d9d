/** Descriptions as the window looks at them: a supervised child that checks, draws and measures them. */
import type { ChildProcesses } from '../child/process.ts';
import type { DrawnNetwork, SpaceSizes } from '../common/space-facts.ts';
import { SupervisedChild } from '../child/supervised-child.ts';
import type {
  PreviewCheckRequest,
  Checked,
  PreviewDrawRequest,
  SizesRequest,
} from './preview-protocol.ts';

/** A description may describe networks that nothing could build; to give up on them is an answer as well. */
const limits = { timeoutMs: 30_000, memoryBytes: 2 ** 30 };

export class SpacePreviews {
  private readonly child: SupervisedChild;

  /** @param entry script of the preview child */
  constructor(processes: ChildProcesses, entry: string) {
    this.child = new SupervisedChild({ processes, entry, name: 'preview', limits });
  }

  /** Throws `preview-timeout` and `memory-ceiling`, as the other methods do. */
  check(text: string): Promise<Checked> {
    return this.child.request<Checked>('check', { text } satisfies PreviewCheckRequest);
  }

  /** One network of a valid text. Throws `space-invalid` otherwise. */
  draw(text: string, number: number): Promise<DrawnNetwork> {
    return this.child.request<DrawnNetwork>('draw', { text, number } satisfies PreviewDrawRequest);
  }

  /** Sizes of a part of the sample of a valid text. Throws `space-invalid` otherwise. */
  sizes(text: string, from: number, count: number): Promise<SpaceSizes> {
    return this.child.request<SpaceSizes>('sizes', { text, from, count } satisfies SizesRequest);
  }

  close(): Promise<void> {
    return this.child.close();
  }
}
