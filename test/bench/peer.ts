/**
 * What every comparison with PyTorch has in common: which PyTorch (`--python PATH`, by default ZICO_PYTHON or
 * Debian's), the instructions of both sides (`--instructions avx2`), and how a comparison is printed. PyTorch
 * is measured in both memory formats, and the faster one is what counts.
 */
import { execFile, execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify, type ParseArgsConfig } from 'node:util';
import { allocatorEnvironment } from '../../main/child/process.ts';
import { instructionsHere } from '../../main/engine/instructions.ts';

export const memoryFormats = ['contiguous', 'channels_last'] as const;
export type MemoryFormat = (typeof memoryFormats)[number];

/** What a script of PyTorch prints of a candidate, or of many. */
export interface PeerRun {
  readonly seconds: number;
  readonly peakMiB: number;
}

/** Keeps both sides from AVX-512: oneDNN's in either, PyTorch's own kernels, its matrix products, and ours. */
const avx2Environment = {
  DNNL_MAX_CPU_ISA: 'AVX2',
  ATEN_CPU_CAPABILITY: 'avx2',
  OPENBLAS_CORETYPE: 'Haswell',
  ZICO_INSTRUCTIONS: 'avx2',
};

const commonOptions = {
  python: { type: 'string', default: process.env['ZICO_PYTHON'] ?? '/usr/bin/python3' },
  instructions: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** Arguments of a bench; from here on this process and its children take the instructions that were asked for. */
export function benchArguments<Options extends NonNullable<ParseArgsConfig['options']>>(
  options: Options,
) {
  const all = { ...commonOptions, ...options };
  const { values, positionals } = parseArgs({ options: all, allowPositionals: true });
  const { instructions } = values as { instructions?: string };
  if (instructions === 'avx2') Object.assign(process.env, avx2Environment);
  else if (instructions !== undefined) throw new RangeError('--instructions may be avx2');
  return { values, positionals };
}

/** Processor and instructions, for the front of a line. */
export const where = (): string => `${cpus()[0]!.model.trim()}, ${instructionsHere()}`;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

type Arguments = readonly (string | number)[];

export class Peer {
  readonly version: string;
  readonly #python: string;
  readonly #runs: Record<MemoryFormat, PeerRun[]> = { contiguous: [], channels_last: [] };

  constructor(python: string) {
    this.#python = python;
    const asked = 'import torch; print(torch.__version__)';
    this.version = execFileSync(python, ['-c', asked], { encoding: 'utf8' }).trim();
  }

  /**
   * Runs a script of this folder once in each memory format.
   * @param parts arguments of processes that run side by side; together they take as long as the slowest
   */
  async measure(script: string, ...parts: readonly Arguments[]): Promise<void> {
    await this.#measure(script, parts, false);
  }

  /** The same from starting the first process to the end of the last. */
  async measureWhole(script: string, ...parts: readonly Arguments[]): Promise<void> {
    await this.#measure(script, parts, true);
  }

  async #measure(script: string, parts: readonly Arguments[], whole: boolean): Promise<void> {
    const file = path.join(import.meta.dirname, script);
    const env = { ...process.env, ...allocatorEnvironment };
    const run = promisify(execFile);
    for (const format of memoryFormats) {
      const start = performance.now();
      const started = parts.map((own) => {
        const args = [
          file,
          ...own.map(String),
          ...(format === 'channels_last' ? ['--channels-last'] : []),
        ];
        return run(this.#python, args, { env });
      });
      const printed = (await Promise.all(started)).map(
        ({ stdout }) => JSON.parse(stdout) as PeerRun,
      );
      const seconds = (performance.now() - start) / 1000;
      this.#runs[format].push({
        seconds: whole ? seconds : Math.max(...printed.map((one) => one.seconds)),
        peakMiB: printed.reduce((sum, { peakMiB }) => sum + peakMiB, 0),
      });
    }
  }

  /** Median time and largest memory of a format. */
  in(format: MemoryFormat): PeerRun {
    const runs = this.#runs[format];
    return {
      seconds: median(runs.map(({ seconds }) => seconds)),
      peakMiB: Math.max(...runs.map(({ peakMiB }) => peakMiB)),
    };
  }

  /** All seconds that were spent in a format. */
  total(format: MemoryFormat): number {
    return this.#runs[format].reduce((sum, { seconds }) => sum + seconds, 0);
  }

  /** `0.71 of contiguous, 0.80 of channels_last, the faster`; of PyTorch's figures and ours. */
  ratios(ours: number, theirs: (format: MemoryFormat) => number, digits: number): string {
    const faster = this.in('contiguous').seconds <= this.in('channels_last').seconds;
    const fastest = faster ? 'contiguous' : 'channels_last';
    return memoryFormats
      .map((format) => {
        const own = theirs(format);
        const mark = format === fastest ? ', its faster format' : '';
        return `${(ours / own).toFixed(2)} of ${format} (${own.toFixed(digits)}${mark})`;
      })
      .join(', ');
  }

  /** Prints time and memory of ours beside those of PyTorch in both formats. */
  compare(
    title: string,
    ours: readonly PeerRun[],
    aimed: readonly [number, number] | null = null,
  ): void {
    const [timeAim, memoryAim] = aimed?.map((aim) => `; the aim is at most ${aim}`) ?? ['', ''];
    const seconds = median(ours.map((one) => one.seconds));
    const peak = Math.max(...ours.map((one) => one.peakMiB));
    const time = this.ratios(seconds, (format) => this.in(format).seconds, 3);
    const memory = this.ratios(peak, (format) => this.in(format).peakMiB, 0);
    const peer = `of PyTorch ${this.version}`;
    console.log(
      `${where()}: ${title}: ${seconds.toFixed(3)} s, ${peer} in s: ${time}; ${ours.length} pairs${timeAim}`,
    );
    console.log(
      `${where()}: ${title}: peak ${peak.toFixed(0)} MiB, ${peer} in MiB: ${memory}${memoryAim}`,
    );
  }
}
