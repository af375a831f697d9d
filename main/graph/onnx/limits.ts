/** How large a model may be: anything larger is refused by name before it costs time or memory. */
import { WorkbenchError } from '../../errors.ts';

/** Nodes of a model, and of the graph made from it. The deepest networks in use have a few thousand. */
export const mostNodes = 50_000;

/**
 * Numbers that the shape arithmetic of a model may read and give in total: some hundred times what a transformer
 * needs whose tables of positions are in the file, and a few times what one needs that computes them.
 */
export const mostFoldedNumbers = 2 ** 24;

export function tooManyNodes(label: string): WorkbenchError {
  return tooLarge(`${label} has more than ${mostNodes} nodes`);
}

export function tooMuchFolded(label: string): WorkbenchError {
  return tooLarge(
    `${label} reads and computes more than ${mostFoldedNumbers} numbers of its constants and shapes alone`,
  );
}

const tooLarge = (what: string): WorkbenchError =>
  new WorkbenchError(
    'model-too-large',
    `${what}; larger models are not read.`,
    'Simplify the model with onnxsim or an exporter that folds constants, or score a smaller one.',
  );
