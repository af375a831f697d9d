/** Whether a search has enough candidates in flight for the places of a farm. Pure. */

export interface IdlePlaces {
  /** Candidates that are computed side by side: those in flight, or a generation. */
  readonly atOnce: number;
  readonly places: number;
  readonly idle: number;
  /** True where a generation limits it, and another kind of search would not. */
  readonly generations: boolean;
}

/** Null where every place has work. */
export function idlePlaces(
  { inFlight, population }: { readonly inFlight: number | null; readonly population: number },
  places: number,
): IdlePlaces | null {
  const atOnce = inFlight ?? population;
  if (atOnce >= places) return null;
  return { atOnce, places, idle: places - atOnce, generations: inFlight === null };
}

/** What more candidates in flight cost a search that learns. */
export const costOfMoreInFlight =
  'A search that learns then chooses by older results: with 64 in flight instead of 16, a guided search over nats-sss had .937 instead of .976 of the hypervolume after 80 candidates, .989 instead of .993 after 200.';
