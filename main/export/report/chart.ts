/** Drawings of the report as SVG: points over two axes, and bars. */
import { linearTicks, logTicks } from '../../common/ticks.ts';
import { escaped } from './html.ts';

export interface Axis {
  readonly title: string;
  readonly log?: boolean;
  readonly format: (value: number) => string;
}

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly kind: 'other' | 'front' | 'chosen';
  readonly onFront: boolean;
  /** How far x may be off: drawn for the front and the chosen one. */
  readonly error?: readonly [number, number];
  readonly doubtful?: boolean;
  /** Shown as a tooltip. */
  readonly label: string;
}

const [width, height] = [720, 340];
const margin = { left: 64, right: 16, top: 12, bottom: 44 };

/** Draws all points, a line through those on the front in the given order, and the chosen one on top. */
export function scatter(all: readonly ChartPoint[], x: Axis, y: Axis, label: string): string {
  // Values that a logarithmic axis cannot show are left out.
  const points = all.filter((point) => hasPlace(point.x, x) && hasPlace(point.y, y));
  const across = scaleOf(
    points.map((point) => point.x),
    x.log ?? false,
    [margin.left, width - margin.right],
  );
  const up = scaleOf(
    points.map((point) => point.y),
    y.log ?? false,
    [height - margin.bottom, margin.top],
  );
  const at = ({ x: a, y: b }: ChartPoint) =>
    `${across.place(a).toFixed(1)},${up.place(b).toFixed(1)}`;
  const front = points.filter(({ onFront }) => onFront).sort((a, b) => a.x - b.x);
  const dots = (kind: ChartPoint['kind'], r: number) =>
    points
      .filter((point) => point.kind === kind)
      .map((point) => {
        const [cx, cy] = at(point).split(',');
        return `<circle class="${kind}" cx="${cx}" cy="${cy}" r="${r}"><title>${escaped(point.label)}</title></circle>`;
      })
      .join('');
  const errorBar = (point: ChartPoint): string => {
    if (point.error === undefined) return '';
    const [from, to] = point.error.map((value) => within(across.place(value)).toFixed(1));
    const y = up.place(point.y).toFixed(1);
    return `<path class="error${point.doubtful === true ? ' doubtful' : ''}" d="M${from} ${y}H${to}"/>`;
  };
  const bottom = height - margin.bottom;
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">`,
    ...up.ticks.map((tick) => {
      const place = up.place(tick).toFixed(1);
      return `<path class="grid" d="M${margin.left} ${place}H${width - margin.right}"/><text class="end" x="${margin.left - 8}" y="${place}" dy="4">${escaped(y.format(tick))}</text>`;
    }),
    ...across.ticks.map((tick) => {
      const place = across.place(tick).toFixed(1);
      return `<path class="tick" d="M${place} ${bottom}v4"/><text class="middle" x="${place}" y="${bottom + 18}">${escaped(x.format(tick))}</text>`;
    }),
    `<path class="axis" d="M${margin.left} ${bottom}H${width - margin.right}"/>`,
    `<text class="middle" x="${(margin.left + width - margin.right) / 2}" y="${height - 6}">${escaped(x.title)}</text>`,
    `<text class="middle" transform="translate(12 ${(margin.top + bottom) / 2}) rotate(-90)">${escaped(y.title)}</text>`,
    dots('other', 2.5),
    ...points.filter(({ kind }) => kind !== 'other').map(errorBar),
    front.length > 1 ? `<polyline class="front" points="${front.map(at).join(' ')}"/>` : '',
    dots('front', 3.5),
    dots('chosen', 6),
    '</svg>',
  ].join('\n');
}

/** Inside the frame; a logarithm of 0 lies infinitely far left. */
const within = (x: number): number =>
  Math.max(margin.left, Math.min(width - margin.right, Number.isNaN(x) ? margin.left : x));

function hasPlace(value: number, { log = false }: Axis): boolean {
  return Number.isFinite(value) && (!log || value > 0);
}

interface Scale {
  place(value: number): number;
  readonly ticks: readonly number[];
}

function scaleOf(
  values: readonly number[],
  log: boolean,
  [from, to]: readonly [number, number],
): Scale {
  const on = (value: number) => (log ? Math.log10(value) : value);
  const [low, high] = values.length > 0 ? rangeOf(values.map(on)) : [0, 1];
  // A small margin on both sides; a single value is centred.
  const air = high > low ? (high - low) * 0.05 : Math.abs(high) * 0.05 || 1;
  const span = { from: low - air, to: high + air };
  const place = (value: number) =>
    from + ((on(value) - span.from) / (span.to - span.from)) * (to - from);
  const pixels = Math.abs(to - from);
  const ticks = log ? logTicks(span, pixels, 64) : linearTicks(span, pixels, pixels / 5);
  return { place, ticks: ticks.map(({ value }) => value) };
}

/** Loops instead of spreading arguments: a run may have more candidates than a call can take. */
function rangeOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** Lines of shares (0 to 1) over common positions; null leaves a gap. */
export function shareLines(
  places: readonly number[],
  lines: readonly {
    readonly name: string;
    readonly kind: string;
    readonly values: readonly (number | null)[];
  }[],
  mark: number,
  label: string,
): string {
  const [w, h, left, bottom] = [360, 150, 40, 124];
  const most = places[places.length - 1] || 1;
  const x = (value: number) => (left + (value / most) * (w - left - 12)).toFixed(1);
  const y = (share: number) => (bottom - share * (bottom - 10)).toFixed(1);
  const drawn = lines.filter(({ values }) => values.some((value) => value !== null));
  return [
    `<svg viewBox="0 0 ${w} ${h}" role="img" aria-label="${escaped(label)}">`,
    ...[0, 0.5, 1].map(
      (share) =>
        `<path class="grid" d="M${left} ${y(share)}H${w - 12}"/><text class="end" x="${left - 6}" y="${y(share)}" dy="4">${share * 100} %</text>`,
    ),
    ...places
      .filter((place) => Number.isInteger(place))
      .map((place) => `<text class="middle" x="${x(place)}" y="${bottom + 16}">${place}</text>`),
    mark <= most ? `<path class="mark" d="M${x(mark)} 10V${bottom}"/>` : '',
    ...drawn.map(({ kind, values }) => {
      const known = values.flatMap((value, i) =>
        value === null ? [] : [`${x(places[i]!)},${y(value)}`],
      );
      return `<polyline class="line ${kind}" points="${known.join(' ')}"/>`;
    }),
    '</svg>',
    `<p class="legend">${drawn.map(({ name, kind }) => `<span class="${kind}">${escaped(name)}</span>`).join(' ')}</p>`,
  ].join('\n');
}
