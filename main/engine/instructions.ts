/**
 * Which of a processor's instructions onednn computes with. They decide the order of summing up in a vector
 * and so the last digits of a score.
 */
import { readFileSync } from 'node:fs';
import { instructionSets, type InstructionSet } from '../common/engines.ts';
import { WorkbenchError } from '../errors.ts';

export type { InstructionSet };

/** What the choice depends on; none of it takes native code to find out. */
export interface Processor {
  readonly arch: string;
  /** The system's description of its processors; null where it has none. */
  readonly cpuinfo: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const thisProcessor = (): Processor => ({
  arch: process.arch,
  cpuinfo: process.platform === 'linux' ? describedProcessors() : null,
  environment: process.env,
});

/**
 * Those that scores are computed with here: the fastest that the system says the processor has, or what
 * ZICO_INSTRUCTIONS names; where DNNL_MAX_CPU_ISA keeps oneDNN from AVX-512, nothing else uses it either.
 * Where the system does not say what its processor has, as everywhere but on Linux, those that the engine
 * requires of every processor. The scoring child refuses what its processor lacks.
 * @throws WorkbenchError `instructions-unknown`
 */
export function instructionsHere(processor: Processor = thisProcessor()): InstructionSet {
  const { arch, cpuinfo, environment } = processor;
  const wanted = environment['ZICO_INSTRUCTIONS'];
  if (wanted !== undefined) {
    const known = instructionSets.find((name) => name === wanted);
    if (known) return known;
    throw new WorkbenchError(
      'instructions-unknown',
      `ZICO_INSTRUCTIONS=${wanted} names no instruction set.`,
      `It may be ${instructionSets.slice(0, -1).join(', ')} or ${instructionSets.at(-1)}; left out, the fastest are taken.`,
    );
  }
  if (arch === 'arm64') return 'neon';
  if (arch !== 'x64') return 'scalar';
  const library = environment['DNNL_MAX_CPU_ISA']?.toUpperCase() ?? 'ALL';
  const held = !/^(AVX512_CORE|ALL$|DEFAULT$)/.test(library);
  const has = (flag: string) => new RegExp(`^flags\\s*:.*\\b${flag}\\b`, 'm').test(cpuinfo ?? '');
  return !held && ['avx512f', 'avx512vl', 'avx512dq', 'avx512bw'].every(has) ? 'avx512' : 'avx2';
}

function describedProcessors(): string | null {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return null;
  }
}

/** Where a processor, or the add-on on it, lacks what is asked for. */
export function instructionsUnavailable(wanted: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'instructions-unavailable',
    `The onednn engine cannot compute with ${wanted} instructions on this processor.`,
    'Leave ZICO_INSTRUCTIONS out, or score on a processor that has them.',
    { cause },
  );
}
