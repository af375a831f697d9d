/** What the colours and bars of the scatter mean. */
import type { MarkShape } from '../../ground/chart/mark-shapes.ts';
import { markShapes } from '../../ground/chart/mark-shapes.ts';
import { statuses, type Status } from '../../ground/chart/statuses.ts';
import { latencyBoundsText } from '../../ground/words/latency-bounds-text.ts';
import { basesOf, latencyBars } from '../../open-run/latency-errors.ts';
import { geneOf } from '../../open-run/measures/measures.ts';
import type { RunSession } from '../../open-run/session.svelte.ts';
import { chartText } from '../text.ts';
import { expectedOf } from './chart-state.ts';
import type { Colouring } from './point-styles.ts';

export interface ColourEntry {
  readonly label: string;
  /** A status, or a place on the ramp from its begin to its end, as a share. */
  readonly colour: { readonly status: Status } | { readonly at: number; readonly last: number };
  readonly shape: MarkShape;
}

/** A long list of choices shows its ends and some between; the ramp is uniform. */
const most = 8;

/** Empty for generations, which are a ramp by themselves. */
export function colourEntries(colouring: Colouring): ColourEntry[] {
  if (colouring.by === 'status') {
    return [...statuses].reverse().map((status) => ({
      label: chartText.status[status],
      colour: { status },
      shape: markShapes[status],
    }));
  }
  if (colouring.by !== 'gene') return [];
  const { choices, labels } = colouring;
  const last = choices.length - 1;
  const stride = Math.ceil(choices.length / most);
  return choices.flatMap((choice, at) =>
    at % stride === 0 || at === last
      ? [
          {
            label: labels?.get(choice) ?? String(choice),
            colour: { at, last },
            shape: 'circle' as const,
          },
        ]
      : [],
  );
}

export const colourTitle = ({ chart }: RunSession): string =>
  geneOf(chart.colour) ?? chartText.colours.status;

/** What the dashed line stands for that a model expects; null where it is not drawn. */
export function expectedEntry(session: RunSession): string | null {
  return (expectedOf(session) ?? []).length > 0 ? chartText.expected : null;
}

/** What error bars stand for; empty where no axis shows latencies. */
export function barEntries({
  chart,
  data,
  ranking,
}: RunSession): { readonly label: string; readonly doubtful: boolean }[] {
  if (chart.x.key !== 'latency' && chart.y.key !== 'latency') return [];
  const bars = latencyBars(data.columns, ranking.front, ranking.upTo);
  // Bars of what is not steady are all dashed.
  const bases = basesOf(data.columns, bars).filter((basis) => basis !== 'unsteady');
  const doubtful = bars.some((bar) => bar.doubtful);
  return [
    ...bases.map((basis) => ({ label: latencyBoundsText.bars[basis], doubtful: false })),
    ...(doubtful ? [{ label: latencyBoundsText.doubtfulBar, doubtful: true }] : []),
  ];
}
