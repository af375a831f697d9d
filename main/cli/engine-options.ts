/** Options that say what computes scores, for the commands that score many networks. */
import type { Command } from 'commander';
import { engineWishes, precisionWishes } from '../common/engines.ts';
import { oneOf, threads, workers } from './options.ts';

const engineHelp =
  'what computes all scores: onednn, onnxruntime or auto, which takes onednn where it can (default: auto)';
export const precisionHelp =
  'of convolutions: float32; float32-winograd, which needs fewer multiplications and rounds differently (onednn only); bf16, which rounds their operands, is for screening, and needs onednn and a processor that has it; or auto, which takes float32-winograd on onednn for capped scores of four batches or more, else float32 (default: auto)';
const threadsHelp =
  'threads of scoring, shared by its processes; scores of onednn depend on the threads of a process';

/** `--engine`, `--precision`, `--threads` and `--workers`. */
export function addEngineOptions(command: Command): Command {
  return command
    .option('--engine <name>', engineHelp, oneOf(engineWishes))
    .option('--precision <name>', precisionHelp, oneOf(precisionWishes))
    .option('--threads <n>', threadsHelp, threads)
    .option(
      '--workers <n|auto>',
      'scoring processes that share the threads; auto measures (default: auto)',
      workers,
    );
}
