/** What every chart on canvas shares: its layers in device pixels, the plotting area and the colours. */
import type { Frame } from './axis.ts';
import { readPalette, type Palette } from './palette.ts';

export interface Margin {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export class Surface {
  readonly #host: HTMLElement;
  readonly #layers: readonly HTMLCanvasElement[];
  readonly #margin: Margin;
  #palette: Palette | null = null;
  #width = 0;
  #height = 0;
  #scale = 1;

  constructor(host: HTMLElement, layers: readonly HTMLCanvasElement[], margin: Margin) {
    this.#host = host;
    this.#layers = layers;
    this.#margin = margin;
  }

  /** In CSS pixels. */
  get size(): { readonly width: number; readonly height: number } {
    return { width: this.#width, height: this.#height };
  }

  /** Device pixels per CSS pixel. */
  get scale(): number {
    return this.#scale;
  }

  /** The plotting area in CSS pixels; never empty. */
  get frame(): Frame {
    const { left, top, right, bottom } = this.#margin;
    return {
      left,
      top,
      right: Math.max(left + 1, this.#width - right),
      bottom: Math.max(top + 1, this.#height - bottom),
    };
  }

  get palette(): Palette {
    return (this.#palette ??= readPalette(this.#host));
  }

  resize(width: number, height: number, scale: number): void {
    this.#width = width;
    this.#height = height;
    this.#scale = scale;
    for (const canvas of this.#layers) Object.assign(canvas, this.pixels);
  }

  /**
   * Does in advance what the first picture would have to wait for; returns whether there was anything to do.
   * Getting colours and canvases takes as long as drawing a picture.
   */
  prepare(): boolean {
    if (this.#palette) return false;
    for (const canvas of this.#layers) canvas.getContext('2d');
    return this.palette !== null;
  }

  /** The theme changed. */
  recolour(): void {
    this.#palette = null;
  }

  /** A layer as it is, for what is written in device pixels; null where there is no canvas. */
  layer(layer: number): CanvasRenderingContext2D | null {
    return this.#layers[layer]?.getContext('2d') ?? null;
  }

  /** In device pixels, as the layers are. */
  get pixels(): { readonly width: number; readonly height: number } {
    return {
      width: Math.max(1, Math.round(this.#width * this.#scale)),
      height: Math.max(1, Math.round(this.#height * this.#scale)),
    };
  }

  /** A cleared layer to draw on in CSS pixels; null where there is no canvas. */
  cleared(layer: number): CanvasRenderingContext2D | null {
    const context = this.#layers[layer]?.getContext('2d') ?? null;
    context?.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    context?.clearRect(0, 0, this.#width, this.#height);
    return context;
  }
}
