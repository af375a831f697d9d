/** Batch normalisation, with batch statistics (scoring) or running statistics (deployment). */
import { WorkbenchError } from '../../errors.ts';
import { sameShape } from '../shape.ts';
import { shapeMismatch, type OperatorDefinition } from './operator.ts';
import type { Known } from '../../common/known.ts';

export const batchNormalization: OperatorDefinition<'BatchNormalization'> = {
  kind: 'BatchNormalization',
  traits: { trained: true, family: 'norm', called: 'batch norm' },
  requiredInputs: 5,
  infer(node, inputs) {
    const [x, ...perChannel] = inputs;
    if (x.length < 2) throw shapeMismatch(node, [x], 'it needs a batch axis and a channel axis');
    const channels = [x[1]!];
    for (const shape of perChannel) {
      if (!sameShape(shape, channels)) {
        throw shapeMismatch(
          node,
          [x, shape],
          'scale, shift and statistics need one value a channel',
        );
      }
    }
    if (!node.attributes.training) return [x];
    if (x.reduce((product, size) => product * size, 1) / x[1]! < 2) {
      throw shapeMismatch(
        node,
        [x],
        'batch statistics need more than one value a channel',
        'Score with larger images, or with more of them in a batch.',
      );
    }
    return [x, channels, channels];
  },
  differentiate(node, outputGradient, context) {
    const [x, scale, shift] = node.inputs as Known<string>;
    const [y, mean, inverseDeviation] = node.outputs as Known<string>;
    if (!context.needsGradient(x)) return [null, null, null, null, null];
    if (!node.attributes.training) {
      throw new WorkbenchError(
        'unsupported-operator',
        `BatchNormalization node "${node.name}" is in inference mode and cannot be differentiated.`,
        'Bring the network into training mode first.',
      );
    }
    const gradient = context.emit(
      'BatchNormalizationGradient',
      [outputGradient, x, y, scale, shift, mean, inverseDeviation],
      {},
    );
    return [gradient, null, null, null, null];
  },
  read(source) {
    return {
      inputs: source.inputs,
      // The extra outputs of training mode are running statistics, which no score uses.
      attributes: {
        epsilon: source.float('epsilon', 1e-5),
        training: source.int('training_mode', 0) === 1,
      },
    };
  },
  write(node, builder) {
    builder.node(
      'BatchNormalization',
      node.inputs,
      [node.outputs[0]!],
      { epsilon: { float: node.attributes.epsilon } },
      node.name,
    );
  },
};

export const batchNormalizationGradient: OperatorDefinition<'BatchNormalizationGradient'> = {
  kind: 'BatchNormalizationGradient',
  infer: (_node, [gradient]) => [gradient],
};
