/** Opening images on the command line: progress on stderr, and Ctrl-C. */
import { dataProgressInWords } from '../common/data-progress.ts';
import type { Waiting } from '../task/data-source.ts';
import type { CliEnvironment } from './environment.ts';
import { startTicker } from './progress.ts';

/** Opens images and reports progress once it takes long enough for a person to wonder. */
export async function whileOpening<T>(
  { stderr, interrupted }: Pick<CliEnvironment, 'stderr' | 'interrupted'>,
  work: (waiting: Required<Waiting>) => Promise<T>,
): Promise<T> {
  let line = '';
  const ticker = startTicker(stderr, () => line);
  try {
    return await work({
      signal: interrupted,
      onProgress(progress) {
        line = dataProgressInWords(progress);
        ticker.changed();
      },
    });
  } finally {
    ticker.stop();
  }
}
