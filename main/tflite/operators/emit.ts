import type { NodeOf, OperatorKind } from '../../graph/graph.ts';
import type { Emitter } from '../emitter.ts';

/** Writes one node. Throws `not-convertible`. */
export type Emit<K extends OperatorKind> = (node: NodeOf<K>, emitter: Emitter) => void;
