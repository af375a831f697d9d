/** What a proxy is: which pass of a network it needs, what it reads of it, and its formula. */
import type { ProxyReading } from '../common/proxies.ts';

/** What made a value: a convolution or fully connected layer, a normalisation, a ReLU. */
export type Maker = 'layer' | 'norm' | 'relu';

/** Of a value: images, channels, height and width; a fully connected layer has height = width = 1. */
export interface MapShape {
  readonly images: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** The part of a value that a proxy reads: its first images, channels and columns, every row. */
export interface MapPart {
  readonly images: number;
  readonly channels: number;
  readonly columns: number;
}

/** A value, or the part of it that was asked for. */
export interface ProxyFeatureMap {
  readonly of: Maker;
  /** Of the whole value. */
  readonly shape: MapShape;
  /** Row-major: image, channel, row, column of the part; empty where nothing was asked for. */
  readonly data: Float32Array;
}

/** Reads values of a forward pass, normalisations by batch statistics. */
export interface ForwardProxy {
  readonly pass: 'forward';
  /** `few`: as many as give every map as many places as channels, at least two. `batch`: the first batch. */
  readonly images: 'few' | 'batch';
  readonly reads: readonly Maker[];
  /** Null reads nothing of a value, which then comes without numbers. */
  part(shape: MapShape, of: Maker): MapPart | null;
  /** Values in the order of the graph; those behind dead ends are left out. */
  score(maps: readonly ProxyFeatureMap[]): ProxyReading;
}

/** A layer of a network whose weights and biases are their absolute values and whose normalisations are off. */
export interface AbsoluteLayer {
  readonly weights: Float32Array;
  /** Of the sum of all outputs for an image of ones, divided by `scale`. */
  readonly gradient: Float32Array;
  /** A power of two that keeps deep networks within single precision. */
  readonly scale: number;
}

export interface SaliencyProxy {
  readonly pass: 'absolute';
  /** Layers that reach the outputs, in the order of the graph. */
  score(layers: readonly AbsoluteLayer[]): ProxyReading;
}

export type Proxy = ForwardProxy | SaliencyProxy;

/** A value that is finite, or none with the reason. */
export function readingOf(value: number, shortened = 0): ProxyReading {
  if (!Number.isFinite(value)) return { value: null, reason: `it is ${value}` };
  return { value, ...(shortened > 0 && { shortened }) };
}
