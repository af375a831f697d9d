/** What the words of the forms mean: shown where somebody asks for it. */
export const termsText = {
  about: (term: string) => `What is ${term}?`,
  seed: 'All randomness comes from this number: which networks come first, which images are used, which initial weights. The same seed with the same settings finds the same networks again.',
  space:
    'All networks that can be found. A space lists, stage by stage, the choices such as channels, kernels and repeats; one choice of each is a network.',
  scoringSize:
    'Scores are taken on images of this size. Smaller ones are quicker; the network is still measured and exported at the space’s own size.',
  latency:
    'How long a network takes for one image. A search looks for high scores at low latencies, so its front depends on where that is measured.',
  maxLatencyMs:
    'A limit for the search: slower networks never reach the front. A cap in the chart can be set and taken away later instead.',
  batches:
    'The score compares gradients between batches of images: it needs at least two. Each further batch adds its time to every candidate.',
  batchSize:
    'Images shown to the network at once. Twice as many take about twice the time and memory for each candidate.',
  beta: 'ZiCo grows with depth and wide feature maps whether they help or not. ZiCo-BC subtracts β times that bias; 0 is plain ZiCo, the paper uses 1, and 2 for segmentation.',
  termCap:
    'ZiCo adds up gradients divided by their spread. Where the spread is close to 0 a few weights outweigh a whole layer; a cap on each of them makes ranks steadier.',
  weights:
    'Networks are scored untrained, so it matters how their initial weights are drawn. Scores under different schemes cannot be compared.',
  search:
    'Guided search fits a model of the score to what was scored and tries what should improve the front most; it needs a fraction of the candidates. NSGA-II varies the best of each generation, as the paper does. Random learns nothing.',
  inFlight:
    'Each network is chosen by the results up to so many before it. So many processes or phones are kept busy, and the result does not depend on how many there are or how fast.',
  population:
    'In each generation the search keeps this many networks and proposes as many new ones. A larger population looks in more places; a smaller one gets more generations out of the same time.',
  generations:
    'In each generation the best networks are recombined and varied. Population times generations is the number of candidates, and so the time.',
  candidates:
    'The most networks that are scored, in all generations together. The search takes longer the more there are.',
  minutes: 'The search ends after this time, whatever it has found. All of it is kept.',
  maxParameters:
    'Larger networks stay off the front. Parameters decide how large the file is and how much memory it takes.',
  maxMacs:
    'Costlier networks stay off the front. Multiply-accumulates measure the work of computing one image.',
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
  fileWeights:
    'The weights in the file, or fresh random ones. A comparison between networks is fair when all of them have fresh weights.',
} as const;

/** Terms of a search’s form, by field. */
export const aboutField: Readonly<Record<string, string | undefined>> = {
  ...termsText,
  about: undefined,
};
