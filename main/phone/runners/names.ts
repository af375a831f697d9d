/** How a person names the runners. */

export const onnxRuntimeRunners = [
  'ort-android-cpu',
  'ort-android-xnnpack',
  'ort-android-nnapi',
  'ort-glibc-cpu',
] as const;
export type OnnxRuntimeRunnerName = (typeof onnxRuntimeRunners)[number];

export const runnerNames = [...onnxRuntimeRunners, 'tflite', 'command'] as const;
export type RunnerName = (typeof runnerNames)[number];
