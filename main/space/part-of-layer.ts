/** The part of a described network to which a layer belongs, by its name; `network.ts` gives the names. */

/**
 * `body.2.0.conv1` belongs to stage 3, and so does `transition.1.2.conv`, which leads to it; everything else to the part
 * that its name begins with.
 */
export function partOf(layer: string): string {
  const stage = /^body\.(\d+)\./.exec(layer);
  if (stage) return `stage${Number(stage[1]) + 1}`;
  const transition = /^transition\.(\d+)\./.exec(layer);
  return transition ? `stage${Number(transition[1]) + 2}` : layer.split('.')[0]!;
}
