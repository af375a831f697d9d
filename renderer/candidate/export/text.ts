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
  },
  about: {
    onnx: 'The network for inference, as it was measured; most runtimes read it.',
    pytorch: 'Python source that needs nothing but torch, to train it further.',
    safetensors: 'The very weights that were scored.',
    npz: 'The same weights for NumPy.',
    html: 'One page for people: figures, conditions, layers.',
  },
  pytorchNeeds: 'The module loads its weights from the safetensors file',
  figures: 'Figures with their conditions (JSON) always come along.',
  none: 'Choose at least one.',
  making: (file: string, index: number, count: number) => `${file}, ${index} of ${count}`,
};
