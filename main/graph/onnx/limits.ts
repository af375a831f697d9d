/** How large a model may be to be read: what is beyond is refused by name, before it takes time or memory. */
import { WorkbenchError } from '../../errors.ts';

/** Nodes of a model, and of the graph that it becomes. The deepest networks in use have a few thousand. */
export const mostNodes = 50_000;

/** Numbers that all shape arithmetic of a model may come to: some hundred times what a transformer has. */
export const mostFoldedNumbers = 2 ** 20;

export function tooManyNodes(label: string): WorkbenchError {
  return tooLarge(`${label} has more than ${mostNodes} nodes`);
}

export function tooMuchFolded(label: string): WorkbenchError {
  return tooLarge(
    `${label} computes more than ${mostFoldedNumbers} numbers from its constants and shapes alone`,
  );
}

const tooLarge = (what: string): WorkbenchError =>
  new WorkbenchError(
    'model-too-large',
    `${what}; larger models are not read.`,
    'Simplify the model with onnxsim or an exporter that folds constants, or score a smaller one.',
  );
