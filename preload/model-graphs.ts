/** Looking at a model file as a graph. */
import { z } from 'zod';
import { modelGraphSchema, modelNodeSchema } from '../main/common/model-graph.ts';
import { none, nothing } from './identifiers.ts';

/** Opaque, never a path. */
const model = z.string().min(1).max(40);

export const modelGraphMethods = {
  /** Asks for a model file; null where that was cancelled. */
  'graphs.choose': { args: none, result: modelGraphSchema.nullable() },
  /** One of the models that are scored. */
  'graphs.ofModel': {
    args: z.tuple([z.strictObject({ id: z.number().int() })]),
    result: modelGraphSchema,
  },
  /** The model that was looked at last, for a page that was loaded again; null where there is none. */
  'graphs.last': { args: none, result: modelGraphSchema.nullable() },
  /** A dropped file. Only the bridge's own `dropGraph` calls this: pages know no paths. */
  'graphs.dropped': {
    args: z.tuple([z.strictObject({ path: z.string().min(1) })]),
    result: modelGraphSchema,
  },
  'graphs.node': {
    args: z.tuple([z.strictObject({ model, box: z.number().int().min(0) })]),
    result: modelNodeSchema,
  },
  /** Adds the model to those that are scored. */
  'graphs.score': { args: z.tuple([z.strictObject({ model })]), result: nothing },
  /** Stops reading a model: the call that waits for it fails with `reading-aborted`. */
  'graphs.stop': { args: none, result: nothing },
  /** Nobody looks at a graph any more. */
  'graphs.close': { args: none, result: nothing },
} as const;
