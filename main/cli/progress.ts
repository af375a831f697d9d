/** Progress on stderr: one line that is redrawn on a terminal, a plain line every few seconds elsewhere. */
import type { CliEnvironment } from './environment.ts';
import { shown, shownInLine } from '../common/shown.ts';

type ErrorStream = CliEnvironment['stderr'];

const terminalIntervalMs = 250;
const plainIntervalMs = 5000;

export interface Ticker {
  /** Announces news: shown at once on a terminal, elsewhere with the next line. */
  changed(): void;
  /** Prints a line that stays, above the progress line. */
  note(text: string): void;
  /** Shows the last state and ends. */
  stop(): void;
}

/** Shows `line()` until stopped. Does not keep the process alive. */
export function startTicker(
  stderr: ErrorStream,
  line: () => string,
  intervalMs = stderr.isTTY ? terminalIntervalMs : plainIntervalMs,
): Ticker {
  let last = '';
  let begun = false;
  const draw = (): void => {
    const text = shownInLine(line());
    if (stderr.isTTY) {
      // One column stays free: a full line would wrap and could not be redrawn.
      stderr.write(`\r\x1b[K${text.slice(0, Math.max(stderr.columns() - 1, 20))}`);
    } else if (text !== last) {
      stderr.write(`${text}\n`);
    }
    last = text;
  };
  const timer = setInterval(draw, intervalMs).unref();
  return {
    changed() {
      begun = true;
      if (stderr.isTTY) draw();
    },
    note(said) {
      const text = shown(said);
      stderr.write(stderr.isTTY ? `\r\x1b[K${text}\n` : `${text}\n`);
      if (stderr.isTTY) draw();
    },
    stop() {
      clearInterval(timer);
      if (!begun && last === '') return; // it failed before there was anything to show
      draw();
      if (stderr.isTTY) stderr.write('\n');
    },
  };
}

/** [=====>    ] of a share from 0 to 1. */
export function bar(share: number, width = 24): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width);
  const head = filled > 0 && filled < width ? '>' : '';
  return `[${'='.repeat(filled - head.length)}${head}${' '.repeat(width - filled)}]`;
}
