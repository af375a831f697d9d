/**
 * Which of a network's last maps are boxes, classes and objectness. Files do not say: how large the maps are, how
 * many numbers each has, and what the file does with them has to tell.
 */
import { bindImage } from '../bind.ts';
import type { Graph } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import { withOnly } from '../outputs.ts';
import type { DetectionHead, HeadKind, HeadLevel, LastMap } from './head.ts';

/** A last map with its sizes. */
interface Sized extends LastMap {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** What one level's maps are; `retinanet` is scored as EfficientDet is. */
interface Reading {
  readonly kind: HeadKind | 'retinanet';
  readonly classes: number;
  readonly bins: number;
  readonly background: boolean;
  readonly plainDistances: boolean;
  readonly level: HeadLevel;
}

export interface FoundHead {
  /** Up to the raw predictions, which are its outputs. */
  readonly graph: Graph;
  readonly kind: Reading['kind'];
  /** Values inside the file that are scored. */
  readonly maps: readonly string[];
}

/**
 * Null where the last maps are no predictions that a loss here knows.
 * @param graph read for its last maps
 * @param image channels, height, width
 */
export function findHead(graph: Graph, image: readonly [number, number, number]): FoundHead | null {
  const shapes = inferShapes(bindImage(graph, image), 2);
  const maps = (graph.lastMaps ?? []).flatMap((map): Sized[] => {
    const [, channels, height, width, ...more] = shapes.get(map.value) ?? [];
    const isMap = width !== undefined && more.length === 0;
    return isMap ? [{ ...map, channels: channels!, height: height!, width }] : [];
  });
  const levels = levelsOf(maps);
  const readings = levels.map((level) =>
    level.length === 1
      ? oneMap(level[0]!, levels.length, image)
      : // Convolutions of one size that nothing follows end any network: a detector has them on several scales.
        levels.length > 1
        ? severalMaps(level)
        : null,
  );
  const [first] = readings;
  const every = readings.flatMap((reading) => (reading && alike(reading, first!) ? [reading] : []));
  if (!first || every.length < readings.length) return null;
  const { kind, classes, bins, background } = first;
  const parts = every.map(({ level }) => level);
  if (kind === 'retinanet') {
    const outputs = [
      ...parts.map((part) => part.classes.value),
      ...parts.map((part) => part.boxes.value),
    ];
    return { graph: withOnly(graph, outputs), kind, maps: outputs };
  }
  const plainDistances = every.every((reading) => reading.plainDistances);
  const head: DetectionHead = { kind, levels: parts, classes, bins, background, plainDistances };
  const values = parts.flatMap(({ boxes, objects, classes: scores }) =>
    [boxes, objects, scores].flatMap((part) => part?.value ?? []),
  );
  const outputs = [...new Set(values)];
  return { graph: { ...withOnly(graph, outputs), head }, kind, maps: outputs };
}

const alike = (a: Reading, b: Reading): boolean =>
  a.kind === b.kind &&
  a.classes === b.classes &&
  a.bins === b.bins &&
  a.background === b.background &&
  (a.level.objects === null) === (b.level.objects === null);

/** Maps of one size belong together; sizes that have fewer or more maps than most are something else. */
function levelsOf(maps: readonly Sized[]): readonly (readonly Sized[])[] {
  const bySize = new Map<string, Sized[]>();
  for (const map of maps) {
    const size = `${map.height}x${map.width}`;
    bySize.set(size, [...(bySize.get(size) ?? []), map]);
  }
  const groups = [...bySize.values()];
  const counts = groups.map(({ length }) => length);
  const often = (count: number) => counts.filter((one) => one === count).length;
  const each = [...counts].sort((a, b) => often(b) - often(a) || b - a)[0] ?? 0;
  const levels = groups.flatMap((group) =>
    // The last levels of small images can be of one size.
    group.length % each === 0 ? slicesOf(group, each) : [],
  );
  return levels.sort(([a], [b]) => b!.height * b!.width - a!.height * a!.width);
}

const slicesOf = <T>(all: readonly T[], each: number): readonly (readonly T[])[] =>
  Array.from({ length: all.length / each }, (_, i) => all.slice(i * each, (i + 1) * each));

/** Learned anchors a place, by how many levels there are. */
const anchorsOf = (levels: number): number | null => (levels === 1 ? 5 : levels <= 4 ? 3 : null);

/** Numbers of a box, and of how likely there is one. */
const [boxNumbers, objectNumbers] = [4, 1] as const;
const usualBins = 16;
/** Of fewer numbers nobody makes a distribution. */
const leastBins = 8;

/** A single map of a finer grid than this is one of regions. */
const leastStrideAlone = 16;

/** Everything in one map. */
function oneMap(
  { value, channels, after, parts, height }: Sized,
  levels: number,
  image: readonly [number, number, number],
): Reading | null {
  if (levels === 1 && image[1] / height < leastStrideAlone) return null;
  const part = (from: number) => ({ value, from });
  const plain = { background: false, plainDistances: false };
  const sides = sidesAmong(parts, channels, after.includes('Softmax'));
  if (sides) {
    const classes = channels - sides.width;
    const first = sides.from === 0 ? sides.width : 0;
    const level = { perPlace: 1, boxes: part(sides.from), classes: part(first), objects: null };
    const bins = sides.width / boxNumbers;
    return { kind: 'yolo-distributions', classes, bins, ...plain, level };
  }
  const before = boxNumbers + objectNumbers;
  const anchors = anchorsOf(levels);
  const fits = anchors !== null && channels % anchors === 0 && channels / anchors > before;
  if (levels === 1 && !fits) return null;
  const perPlace = fits ? anchors : 1;
  const classes = channels / perPlace - before;
  if (classes < 1) return null;
  const level = { perPlace, boxes: part(0), objects: part(boxNumbers), classes: part(before) };
  return { kind: fits ? 'yolo-anchors' : 'yolo-cells', classes, bins: 1, ...plain, level };
}

/** Where the distributions of four sides lie in a map that has the classes as well; null where there are none. */
function sidesAmong(
  parts: readonly number[] | null,
  channels: number,
  softmax: boolean,
): { readonly from: number; readonly width: number } | null {
  const usual = boxNumbers * usualBins;
  if (parts?.length !== 2) return softmax && channels > usual ? { from: 0, width: usual } : null;
  const [a, b] = parts as readonly [number, number];
  const wide = (width: number) => width % boxNumbers === 0 && width >= boxNumbers * leastBins;
  const likely = [b, a].find((width) => width === usual || width === usual / 2);
  const width = likely ?? (wide(b) ? b : wide(a) ? a : null);
  return width === null || a + b !== channels ? null : { from: width === b ? a : 0, width };
}

/** The most likely reading of a level's maps, of which one holds boxes and one classes. */
function severalMaps(maps: readonly Sized[]): Reading | null {
  let best: { readonly doubt: number; readonly reading: Reading } | null = null;
  for (const [i, boxes] of maps.entries()) {
    for (const [j, classes] of maps.entries()) {
      if (i === j) continue;
      const others = maps.filter((map) => map !== boxes && map !== classes);
      const reading = readingOf(boxes, classes, others);
      if (!reading) continue;
      const doubt = doubtOf(boxes, classes, reading) + (i > j ? 0 : 0.1) + 0.01 * j;
      if (best === null || doubt < best.doubt) best = { doubt, reading };
    }
  }
  return best?.reading ?? null;
}

const endsIn = (map: Sized, operator: string): boolean => map.after.includes(operator);

/** The less, the likelier. */
function doubtOf(boxes: Sized, classes: Sized, { kind, bins }: Reading): number {
  const scores = endsIn(classes, 'Sigmoid') || endsIn(classes, 'Softmax');
  const distribution = kind === 'yolo-distributions';
  return (
    (endsIn(boxes, 'Sigmoid') ? 4 : 0) +
    (scores ? -2 : 0) +
    (distribution && endsIn(boxes, 'Softmax') ? -3 : 0) +
    (distribution ? (bins === usualBins ? -0.2 : bins === usualBins / 2 ? 0.5 : 1.5) : 0) +
    (boxes.joined !== null && boxes.joined === classes.joined ? -1 : 0)
  );
}

/**
 * Whether the file counts the sides of boxes from their places by these numbers as they are: whoever predicts
 * logarithms takes the Exp first, and whoever keeps distances from being negative, the Relu.
 */
function areLinear({ positive, after, behind }: Sized): boolean {
  const follows = [...after, ...behind];
  return (
    !positive && follows.includes('Sub') && !follows.some((op) => op === 'Exp' || op === 'Relu')
  );
}

const mostDefaultBoxes = 7;
const retinaAnchors = 9;

function readingOf(boxes: Sized, classes: Sized, others: readonly Sized[]): Reading | null {
  const perBox = boxes.channels / boxNumbers;
  if (!Number.isInteger(perBox)) return null;
  const part = ({ value }: Sized) => ({ value, from: 0 });
  const level = (perPlace: number, objects: Sized | null = null): HeadLevel => ({
    perPlace,
    boxes: part(boxes),
    classes: part(classes),
    objects: objects && part(objects),
  });
  const plain = { bins: 1, background: false, plainDistances: false };
  if (perBox === 1) {
    const objects = others.find(({ channels }) => channels === objectNumbers) ?? null;
    const together = boxes.joined !== null && boxes.joined === objects?.joined;
    const cells = objects !== null && together && !boxes.positive;
    const kind = cells
      ? 'yolo-cells'
      : objects === null && areLinear(boxes)
        ? 'yolo-distances'
        : 'fcos';
    const plainDistances = boxes.positive;
    return { kind, classes: classes.channels, ...plain, plainDistances, level: level(1, objects) };
  }
  const each = classes.channels / perBox;
  if (perBox === retinaAnchors && Number.isInteger(each)) {
    return { kind: 'retinanet', classes: each, ...plain, level: level(perBox) };
  }
  if (perBox <= mostDefaultBoxes) {
    if (!Number.isInteger(each)) return null;
    const follows = [...classes.after, ...(classes.joined === boxes.joined ? [] : classes.behind)];
    const background = each > 1 && (follows.includes('Softmax') || !follows.includes('Sigmoid'));
    const told = background ? each - 1 : each;
    return { kind: 'ssd', classes: told, ...plain, background, level: level(perBox) };
  }
  const kind = 'yolo-distributions';
  return { kind, classes: classes.channels, ...plain, bins: perBox, level: level(1) };
}
