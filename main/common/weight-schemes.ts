/** Initialisation schemes for the weights of convolutions and fully connected layers. */

export const weightSchemes = ['pytorch-default', 'kaiming-normal-fan-out'] as const;
export type WeightScheme = (typeof weightSchemes)[number];

export const weightSchemeLabels: Readonly<Record<WeightScheme, string>> = {
  'pytorch-default': 'PyTorch default',
  'kaiming-normal-fan-out': 'Kaiming normal, fan-out',
};
