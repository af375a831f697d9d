/**
 * Targets of the losses in graph/heads: which place is responsible for which box, and how much everything counts.
 * docs/detection-heads.md has the rules and where they come from.
 */
import { partWidths, type HeadKind } from '../../graph/heads/head.ts';
import { headInputs } from '../../graph/heads/loss.ts';
import type { DetectionBatch } from '../../task/batches.ts';
import { firstPlaces } from '../../task/detection/places.ts';
import type { PlacedHead } from './placed-head.ts';
import type { DetectionTargets } from './targets.ts';
import {
  centerness,
  fillAll,
  fillEach,
  Filled,
  sidesOf,
  wantedBoxes,
  wantedClasses,
  wantedOffsets,
  wantedSides,
  type Matched,
} from './wanted.ts';

/** Numbers for the loss of a head. */
export function headTargets({ targets }: DetectionBatch, placed: PlacedHead): DetectionTargets {
  const { count } = placed.places;
  const images = targets.length;
  const matches = targets.map(placed.match);
  const starts = firstPlaces(placed.levels);
  const filled = new Map<string, Filled>();
  const matched: Matched = {
    placed,
    images,
    boxOf(row) {
      const image = Math.floor(row / count);
      const box = matches[image]![row % count]!;
      const { boxes, classes } = targets[image]!;
      if (box < 0) return null;
      return { edges: boxes.subarray(4 * box, 4 * box + 4), class: classes[box]! };
    },
    rows: matches.flatMap((match, n) =>
      [...match.keys()].filter((i) => match[i]! >= 0).map((i) => n * count + i),
    ),
    levelOf: (row) => starts.findLastIndex((start) => start <= row % count),
    fill(name, width) {
      const numbers = new Filled(images * count, width);
      filled.set(headInputs[name], numbers);
      return numbers;
    },
  };
  fillers[placed.head.kind](matched);
  const numbers = [...filled].map(([name, { data, width }]) => {
    return [name, { data, shape: [images, count, width] }] as const;
  });
  return { classes: null, numbers: new Map(numbers) };
}

/** What the objectness of each level counts in YOLOv5: small objects have most places. */
const balances = [
  [4, 1],
  [4, 1],
  [4, 1, 0.4],
  [4, 1, 0.25, 0.06],
] as const;

const fillers: Readonly<Record<HeadKind, (matched: Matched) => void>> = {
  'yolo-anchors'(matched) {
    const { placed, images, rows, levelOf, fill } = matched;
    const { levels, image } = placed;
    wantedBoxes(matched);
    wantedClasses(matched);
    const perLevel = levels.map(() => 0);
    for (const row of rows) perLevel[levelOf(row)]! += 1;
    const scale = 3 / levels.length;
    const mean = (row: number) => 1 / perLevel[levelOf(row)]!;
    fillEach(matched, 'boxWeights', (row) => images * 0.05 * scale * mean(row));
    fillEach(matched, 'objects', () => 1);
    // Of each class, whose mean counts half, by how many there are of 80.
    fillEach(matched, 'classWeights', (row) => (images * 0.5 * scale * mean(row)) / 80);
    const objects = fill('objectWeights', 1);
    const balance = balances[levels.length - 1] ?? balances[3];
    const area = (Math.max(...image) / 640) ** 2;
    for (let row = 0; row < images * placed.places.count; row++) {
      const level = levelOf(row);
      const { height, width, perPlace } = levels[level]!;
      objects.data[row] = (scale * area * balance[level]!) / (height * width * perPlace);
    }
  },
  'yolo-cells'(matched) {
    const share = 1 / Math.max(1, matched.rows.length);
    wantedBoxes(matched);
    wantedClasses(matched);
    fillEach(matched, 'boxWeights', () => 5 * share);
    fillEach(matched, 'objects', () => 1);
    fillAll(matched, 'objectWeights', share);
    fillEach(matched, 'classWeights', () => share);
  },
  'yolo-distributions'(matched) {
    const { rows } = matched;
    const share = 1 / Math.max(1, rows.length);
    wantedBoxes(matched);
    wantedClasses(matched);
    wantedSides(matched, 1.5 * share);
    fillEach(matched, 'boxWeights', () => 7.5 * share);
    fillAll(matched, 'classWeights', 0.5 * share);
  },
  'yolo-distances'(matched) {
    const share = 1 / Math.max(1, matched.rows.length);
    wantedBoxes(matched);
    wantedClasses(matched);
    fillEach(matched, 'boxWeights', () => 7.5 * share);
    fillAll(matched, 'classWeights', 0.5 * share);
  },
  ssd(matched) {
    const { placed, rows } = matched;
    const { head } = placed;
    const found = Math.max(1, rows.length);
    wantedOffsets(matched);
    fillEach(matched, 'boxWeights', () => 1 / found);
    if (!head.background) {
      wantedClasses(matched);
      fillAll(matched, 'classWeights', 1 / found);
      return;
    }
    const { images, boxOf, fill } = matched;
    const all = images * placed.places.count;
    const width = partWidths(head).classes;
    const classes = fill('classes', width);
    // Places without a box count together as much as three for each place with one.
    const without = all - rows.length;
    const share = Math.min(1, (3 * found) / Math.max(1, without)) / found;
    const weights = fill('classWeights', 1);
    for (let row = 0; row < all; row++) {
      const box = boxOf(row);
      classes.data[row * width + (box ? 1 + box.class : 0)] = 1;
      weights.data[row] = box ? 1 / found : share;
    }
  },
  fcos(matched) {
    const { placed, rows } = matched;
    const share = 1 / Math.max(1, rows.length);
    wantedBoxes(matched);
    wantedClasses(matched);
    fillAll(matched, 'classWeights', share);
    if (!placed.head.levels[0]!.objects) {
      fillEach(matched, 'boxWeights', () => share);
      return;
    }
    const central = new Map(rows.map((row) => [row, centerness(sidesOf(matched, row))]));
    const sum = [...central.values()].reduce((a, b) => a + b, 0);
    fillEach(matched, 'boxWeights', (row) => central.get(row)! / sum);
    fillEach(matched, 'objects', (row) => central.get(row)!);
    fillEach(matched, 'objectWeights', () => share);
  },
};
