/** English text about how a search measures on a phone. */
import type { RunnerName } from '../../../main/common/phone-settings.ts';

export const protocolText = {
  title: 'How it measures',
  numbers: {
    warmUp: 'Warm-up runs',
    runs: 'Timed runs',
    repeats: 'Repeats, at most',
    threads: 'Threads on the phone',
    waitSeconds: 'Wait for a phone to cool, min',
    awaySeconds: 'Wait for a phone to return, min',
    runSeconds: 'One start of the runner, s',
  },
  core: 'Cores',
  cores: { big: 'The fastest', mid: 'The middle', little: 'The slowest' },
  mask: (mask: string) => `Mask ${mask}`,
  runner: 'Runner',
  anyRunner: 'The first one that passes the check',
  runners: {
    'ort-android-cpu': 'ONNX Runtime for Android, CPU',
    'ort-android-xnnpack': 'ONNX Runtime for Android, XNNPACK',
    'ort-android-nnapi': 'ONNX Runtime for Android, NNAPI',
    'ort-glibc-cpu': 'ONNX Runtime with its own libc, CPU',
    'tflite-glibc-cpu': 'TensorFlow Lite with its own libc, XNNPACK on the CPU',
    tflite: 'TensorFlow Lite, your benchmark_model',
    command: 'Your own command',
  } satisfies Readonly<Record<RunnerName, string>> as Readonly<Record<string, string>>,
  unverified: 'None of the built-in runners has been tried on a real phone yet.',
  limits: 'The longest waits: for a phone to cool down, to come back and to respond.',
} as const;
