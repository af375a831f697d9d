/** What a detection network predicts, and where: as data, so that it travels with the graph. */

/**
 * `yolo-anchors`: box, objectness and classes for each of several anchors a place (YOLOv3, v5, v7).
 * `yolo-cells`: the same once a place, without anchors (YOLOX).
 * `yolo-distributions`: classes, and a distribution over distances to each side of the box (YOLOv8, YOLO11).
 * `yolo-distances`: classes and the distances themselves, without an activation (YOLO26).
 * `ssd`: classes and offsets from default boxes.
 * `fcos`: classes, distances to the sides, and how central the place is, where the network has that.
 */
export type HeadKind =
  'yolo-anchors' | 'yolo-cells' | 'yolo-distributions' | 'yolo-distances' | 'ssd' | 'fcos';

/** Numbers of a feature map, N x (anchors numbers) x h x w. */
export interface HeadPart {
  /** The map's name. */
  readonly value: string;
  /** The first of them, counted within the numbers of one anchor. */
  readonly from: number;
}

/** One feature map's predictions. */
export interface HeadLevel {
  /** Anchors a place. */
  readonly perPlace: number;
  readonly boxes: HeadPart;
  readonly classes: HeadPart;
  /** Objectness or centerness, one number an anchor. */
  readonly objects: HeadPart | null;
}

export interface DetectionHead {
  readonly kind: HeadKind;
  /** Fine to coarse. */
  readonly levels: readonly HeadLevel[];
  /** Classes that the network tells apart, the background not among them. */
  readonly classes: number;
  /** Numbers of a distribution over one side's distance; 1 where boxes are four numbers. */
  readonly bins: number;
  /** Where the first class stands for nothing at all, and the classes of a place add up to one (softmax). */
  readonly background: boolean;
  /** Where distances come out of the network as they are; otherwise as their logarithms. */
  readonly plainDistances: boolean;
}

/** How many numbers each part of an anchor has. */
export const partWidths = ({ bins, classes, background }: DetectionHead) => ({
  boxes: 4 * bins,
  objects: 1,
  classes: classes + (background ? 1 : 0),
});

/** A map behind which a file has no trained layer any more. */
export interface LastMap {
  readonly value: string;
  /** Whether its numbers cannot be negative. */
  readonly positive: boolean;
  /** The operators that read it, beside those that only move numbers. */
  readonly after: readonly string[];
  /** How many numbers go into each part, where the file takes it apart; null where it does not. */
  readonly parts: readonly number[] | null;
  /** The first concatenation that it goes into, and the operators that read what that makes. */
  readonly joined: string | null;
  readonly behind: readonly string[];
}
