/** Softmax cross-entropy, averaged over the targets that are classes. */
import { fill, at, type Evaluations } from './value.ts';
import type { Known } from '../../../main/common/known.ts';

export const losses: Evaluations = {
  SoftmaxCrossEntropyLoss(_node, [logits, targets], [loss, logProbabilities]) {
    const classes = logits.shape[1]!;
    fill(logProbabilities, (place) => {
      let sum = 0;
      const own = at(logits, place);
      for (let k = 0; k < classes; k++) sum += Math.exp(at(logits, place.with(1, k)) - own);
      return -Math.log(sum);
    });
    const [batch, ...space] = targets.shape as Known<number>;
    const inner = space.reduce((product, size) => product * size, 1);
    const counted = targets.data.filter((target) => target >= 0 && target < classes).length;
    for (let n = 0; n < batch; n++) {
      for (let place = 0; place < inner; place++) {
        const target = targets.data[n * inner + place]!;
        if (target < 0 || target >= classes) continue;
        loss.data[0]! -= logProbabilities.data[(n * classes + target) * inner + place]! / counted;
      }
    }
  },
};
