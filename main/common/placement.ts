/** Which part of a runtime ran the nodes of a network: its accelerator or fast kernels, and what was left to others. */
import { z } from 'zod';

export const placementSchema = z.object({
  /** The provider or delegate that was asked for, such as nnapi. */
  on: z.string(),
  /** Of the network as the runtime divides it. */
  nodes: z.number().int().min(0),
  /** How many of them it took. */
  placed: z.number().int().min(0),
  /** Into how many pieces they fell; null where the runtime does not say. Between pieces, values are handed over. */
  pieces: z.number().int().min(0).nullable(),
  /** What it left, by kind, the most frequent first. */
  elsewhere: z
    .array(z.object({ kind: z.string(), count: z.number().int().min(1) }).readonly())
    .readonly(),
});
export type Placement = Readonly<z.infer<typeof placementSchema>>;

/** A tenth of the nodes elsewhere, or more pieces than this, can cost more than the provider saves. */
const leftShare = 0.1;
const mostPieces = 4;

/** Whether so much was left to other parts that the figure says little about the provider. */
export function isPiecemeal({ nodes, placed, pieces }: Placement): boolean {
  return nodes - placed > leftShare * nodes || (pieces ?? 1) > mostPieces;
}

/** "53 of 87 nodes on nnapi, in 17 pieces; elsewhere: Resize (3), Softmax". */
export function placementInWords({ on, nodes, placed, pieces, elsewhere }: Placement): string {
  const count = placed === nodes ? `all ${nodes}` : `${placed} of ${nodes}`;
  const divided = pieces === null ? '' : `, in ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`;
  const rest = elsewhere.map(({ kind, count: many }) => (many === 1 ? kind : `${kind} (${many})`));
  return `${count} nodes on ${on}${divided}${rest.length > 0 ? `; elsewhere: ${rest.join(', ')}` : ''}`;
}

/** What follows from much that was left; null where little was. */
export function placementWarning(placement: Placement): string | null {
  if (!isPiecemeal(placement)) return null;
  return `Much of this network did not run on ${placement.on}: handing values over takes time, and the CPU alone may be faster.`;
}
