/** onnxruntime sessions with the settings that a computing child needs. They block: for children only. */
import { InferenceSession } from 'onnxruntime-node';
import { tooLargeFrom, WorkbenchError } from '../../errors.ts';

/**
 * Electron brings its own allocator, for which onnxruntime's arena saves half of the time; in plain
 * Node glibc with `allocatorEnvironment` is faster without it.
 */
const ownAllocator = 'electron' in process.versions;

/**
 * onnxruntime fuses padding with zeros into the pool behind it, but a MaxPool pads with minus infinity, which is
 * wrong where values are negative (1.30). From pads as wide as the kernel it makes a pool that it then refuses.
 */
const wrongOptimizers = ['Pad_Fusion'];

/**
 * x64 processors without VNNI add products of uint8 and int8 in pairs of 16 bits, which saturate: up to 3 dB are lost.
 * With this, onnxruntime makes weights uint8 there, whose sums are exact. Networks in float are the same either way.
 */
const exactIntegers = { x64quantprecision: '1' };

/** @throws WorkbenchError `engine-refused` where onnxruntime does not accept the model. */
export async function createSession(model: Uint8Array, threads: number): Promise<InferenceSession> {
  try {
    return await opened(model, threads, exactIntegers);
  } catch (cause) {
    // It makes weights uint8 also where an operator takes them as int8 alone (QGemm behind int8), and then has none.
    if (!String(cause).includes('Failed to find kernel')) throw refused(cause);
    return await opened(model, threads, {}).catch(() => {
      throw refused(cause);
    });
  }
}

const opened = (
  model: Uint8Array,
  threads: number,
  session: Readonly<Record<string, string>>,
): Promise<InferenceSession> =>
  InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    extra: {
      optimization: { disable_specified_optimizers: wrongOptimizers.join(';') },
      session,
    },
    enableCpuMemArena: ownAllocator,
    // The block planned for all later runs would be touched in addition to the arena of the first run.
    enableMemPattern: false,
    // What it would write to the terminal quotes the model, and is in the error that it throws.
    logSeverityLevel: 4,
  });

/** The error for a model that onnxruntime does not load or does not run to its end. */
export function refused(cause: unknown): WorkbenchError {
  const tooLarge = tooLargeFrom(cause);
  if (tooLarge) return tooLarge;
  const said = cause instanceof Error ? cause.message : String(cause);
  return new WorkbenchError(
    'engine-refused',
    `onnxruntime does not accept the network: ${said}`,
    said.includes('exceeds maximum supported size')
      ? 'Score it with the onednn engine, which has no such limit, or score a smaller network.'
      : 'Check the model with onnx.checker, or score another network.',
    { cause },
  );
}
