/** Operators of the graph as steps of a plan; those without are refused by name. */
import type { Node, OperatorKind } from '../../graph/graph.ts';
import type { NamedStep } from './plan.ts';
import { convolutionSteps } from './steps/convolutions.ts';
import { elementwiseSteps } from './steps/elementwise.ts';
import { lossSteps } from './steps/losses.ts';
import { movingSteps } from './steps/moving.ts';
import { poolSteps } from './steps/pools.ts';
import { productSteps } from './steps/products.ts';
import type { StepContext, Steps, StepTable } from './steps/step.ts';

/** The steps of every kind of operator that the engine has, those of gradients and losses among them. */
export const nativeSteps: StepTable = {
  ...convolutionSteps,
  ...elementwiseSteps,
  ...lossSteps,
  ...movingSteps,
  ...poolSteps,
  ...productSteps,
};

/** @throws WorkbenchError `operator-not-native` */
export function stepsOf(node: Node, context: StepContext): readonly NamedStep[] {
  const steps = nativeSteps[node.kind] as Steps<OperatorKind> | undefined;
  if (!steps) throw context.refuse(node);
  return steps(node, context);
}
