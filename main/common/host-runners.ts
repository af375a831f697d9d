/** What runs networks on this computer to measure them. */
export const hostRunners = ['onnxruntime-cpu', 'tflite-cpu'] as const;
export type HostRunner = (typeof hostRunners)[number];
export const usualHostRunner: HostRunner = 'onnxruntime-cpu';

export const isHostRunner = (name: string): name is HostRunner =>
  hostRunners.some((one) => one === name);

/** As a person chooses it. */
export const hostRunnerLabels: Readonly<Record<HostRunner, string>> = {
  'onnxruntime-cpu': 'ONNX Runtime',
  'tflite-cpu': 'TensorFlow Lite',
};
