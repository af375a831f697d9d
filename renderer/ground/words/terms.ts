/** What the words of the forms mean: shown where somebody asks for it. */
import { settingExplanations } from '../../../main/common/settings/index.ts';

export const glossaryText = {
  open: (term: string) => `${term}: what it means`,
  all: 'All terms',
} as const;

export const termsText = {
  ...settingExplanations,
  about: (term: string) => `Explain ${term}`,
  more: 'Click for more in the guide.',
  scoringSize:
    'Scores are taken on images of this size. Smaller ones are quicker; the network is still measured and exported at the space’s own size.',
  engine:
    'The program that computes gradients. onednn is quicker where it was built; onnxruntime runs anywhere and gives the same figures on every computer.',
  precision:
    'Winograd’s method needs fewer multiplications in 3 × 3 convolutions and rounds differently, which capped scores of several batches hardly feel. bf16 keeps 8 bits of each operand of a convolution and adds up in float32. It is quicker where the processor supports it and ranks networks almost the same. Precisions are never mixed in one run.',
  workers:
    'Several processes score several networks at once and share the cores; automatic tries both on a few networks and takes the quicker one.',
  networks:
    'This many networks are drawn from the NATS-Bench size space, scored, and compared with their known accuracies. More of them make the correlation more certain and take longer.',
  repeatability:
    'Scores every network again with other initial weights and with other batches, to see how well the ranks repeat. It takes three times as long.',
  task: 'Decides the loss whose gradients are scored, and which images are used: the network has to be made for the task.',
  modelImages:
    'Pictures with targets, as in training. Noise with random targets shows whether a model can be scored at all, and what its layers are, where its own data are not at hand. Arrays are used as they are: images N × C × H × W in float32, and classes, masks or boxes.',
  modelSize:
    'Height and width for models that leave the size of their images open; also what is measured.',
  modelConstants:
    'Some models take more than images: numbers for their other inputs, by name. They are constants of the network then.',
  noiseLayers:
    'A layer whose true gradient is zero gets nothing but rounding noise. It counts in PyTorch, and may be left out of ZiCo and bias here.',
  fileWeights:
    'The weights in the file, or fresh random ones. A comparison between networks is fair when all of them have fresh weights.',
} as const;
