/** The part of a described network to which a layer belongs, by its name; `network.ts` gives the names. */

/** `body.2.0.conv1` belongs to stage 3; everything else to the part that its name begins with. */
export function partOf(layer: string): string {
  const stage = /^body\.(\d+)\./.exec(layer);
  return stage ? `stage${Number(stage[1]) + 1}` : layer.split('.')[0]!;
}
