/** English text of the choice of what an export holds. */
export const exportText = {
  holds: (names: string) => `Holds ${names}`,
  change: 'Change',
  label: 'What the export holds',
  names: {
    onnx: 'ONNX model',
    pytorch: 'PyTorch module',
    safetensors: 'Safetensors',
    npz: 'NumPy weights',
    html: 'Report',
    training: 'Training program',
  },
  about: {
    onnx: 'The network for inference, as it was measured; most runtimes can read it.',
    pytorch: 'Python source that needs only torch, for training it.',
    safetensors: 'Exactly the weights that were scored.',
    npz: 'The same weights for NumPy.',
    html: 'One page to read: figures, conditions, layers.',
    training: 'Trains the PyTorch module on a folder of images; not for detection.',
  },
  needed: 'Comes with what else was chosen, which needs it.',
  figures: 'The figures and their conditions (JSON) are always included.',
  none: 'Choose at least one.',
  making: (file: string, index: number, count: number) => `${file}, ${index} of ${count}`,
};
