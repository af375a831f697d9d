/**
 * What charts are drawn with: the part of a canvas's context that they use. A canvas is one, and so is `MarkPen`,
 * which keeps what is drawn as marks instead of painting it.
 */
import type { PlainColour } from './colours.ts';
import type { Clipped, FigureMark, TextStyle } from './marks.ts';

export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'strokeStyle'
  | 'fillStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'arc'
  | 'rect'
  | 'roundRect'
  | 'stroke'
  | 'fill'
  | 'clip'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'strokeText'
  | 'measureText'
  | 'setLineDash'
  | 'save'
  | 'restore'
>;

/** Below the middle of a line of text lies its baseline, as a share of the font's size. */
const middleToBaseline = 0.35;

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

interface State {
  strokeStyle: Pen['strokeStyle'];
  fillStyle: Pen['fillStyle'];
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  dash: readonly number[];
  /** Where marks go. */
  into: FigureMark[];
}

/** What only a browser knows. */
export interface DrawingBrowser {
  measure(text: string, font: string): TextMetrics;
  plainColour(css: string): PlainColour;
}

/** Throws where a drawing asks for something that marks cannot say: nothing of it is left out in silence. */
export class MarkPen implements Pen {
  readonly #marks: FigureMark[] = [];
  readonly #browser: DrawingBrowser;
  readonly #kept: State[] = [];
  #state: State;
  #path: string[] = [];
  /** The rectangle that the path consists of, if it is one: all that can be clipped to. */
  #rectangle: Omit<Clipped, 'kind' | 'marks'> | null = null;
  /** What is stroked around a text before the text itself is written. */
  #halo: { readonly at: string; readonly colour: string; readonly width: number } | null = null;

  constructor(browser: DrawingBrowser) {
    this.#browser = browser;
    this.#state = {
      ...{ strokeStyle: '#000', fillStyle: '#000', lineWidth: 1, lineJoin: 'miter' },
      ...{ globalAlpha: 1, font: '10px sans-serif', textAlign: 'start' },
      ...{ textBaseline: 'alphabetic', dash: [], into: this.#marks },
    };
  }

  get marks(): readonly FigureMark[] {
    return this.#marks;
  }

  get strokeStyle(): Pen['strokeStyle'] {
    return this.#state.strokeStyle;
  }
  set strokeStyle(value: Pen['strokeStyle']) {
    this.#state.strokeStyle = value;
  }
  get fillStyle(): Pen['fillStyle'] {
    return this.#state.fillStyle;
  }
  set fillStyle(value: Pen['fillStyle']) {
    this.#state.fillStyle = value;
  }
  get lineWidth(): number {
    return this.#state.lineWidth;
  }
  set lineWidth(value: number) {
    this.#state.lineWidth = value;
  }
  get lineJoin(): CanvasLineJoin {
    return this.#state.lineJoin;
  }
  set lineJoin(value: CanvasLineJoin) {
    this.#state.lineJoin = value;
  }
  get globalAlpha(): number {
    return this.#state.globalAlpha;
  }
  set globalAlpha(value: number) {
    this.#state.globalAlpha = value;
  }
  get font(): string {
    return this.#state.font;
  }
  set font(value: string) {
    this.#state.font = value;
  }
  get textAlign(): CanvasTextAlign {
    return this.#state.textAlign;
  }
  set textAlign(value: CanvasTextAlign) {
    this.#state.textAlign = value;
  }
  get textBaseline(): CanvasTextBaseline {
    return this.#state.textBaseline;
  }
  set textBaseline(value: CanvasTextBaseline) {
    this.#state.textBaseline = value;
  }

  setLineDash(segments: Iterable<number>): void {
    this.#state.dash = [...segments];
  }

  save(): void {
    this.#kept.push({ ...this.#state });
  }

  restore(): void {
    this.#state = this.#kept.pop() ?? this.#state;
  }

  beginPath(): void {
    this.#path = [];
    this.#rectangle = null;
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${rounded(x)} ${rounded(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`${this.#path.length === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`);
  }

  closePath(): void {
    this.#path.push('Z');
  }

  arc(x: number, y: number, radius: number, start: number, end: number): void {
    if (start !== 0 || Math.abs(end - 2 * Math.PI) > 1e-6) {
      throw new Error('Only whole circles can be kept as marks.');
    }
    const r = rounded(radius);
    const [left, right] = [rounded(x - radius), rounded(x + radius)];
    const middle = rounded(y);
    if (this.#path.at(-1) === `M${right} ${middle}`) this.#path.pop();
    this.#path.push(`M${left} ${middle}A${r} ${r} 0 1 0 ${right} ${middle}`);
    this.#path.push(`A${r} ${r} 0 1 0 ${left} ${middle}Z`);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#rectangle = this.#path.length === 0 ? { x, y, width, height } : null;
    this.#path.push(rectanglePath(x, y, width, height));
  }

  roundRect(x: number, y: number, width: number, height: number): void {
    this.rect(x, y, width, height);
  }

  clip(): void {
    if (this.#rectangle === null) throw new Error('Marks can only be clipped to a rectangle.');
    const marks: FigureMark[] = [];
    this.#state.into.push({ kind: 'clipped', ...this.#rectangle, marks });
    this.#state.into = marks;
  }

  stroke(): void {
    this.#outline(this.#path.join(''), 'stroke');
  }

  fill(): void {
    this.#outline(this.#path.join(''), 'fill');
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#outline(rectanglePath(x, y, width, height), 'fill');
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#outline(rectanglePath(x, y, width, height), 'stroke');
  }

  strokeText(text: string, x: number, y: number): void {
    const { strokeStyle, lineWidth } = this.#state;
    const { colour } = this.#plain(strokeStyle);
    this.#halo = { at: `${text} ${x} ${y}`, colour, width: lineWidth };
  }

  fillText(text: string, x: number, y: number): void {
    const { fillStyle, textBaseline, globalAlpha } = this.#state;
    const { colour, opacity } = this.#plain(fillStyle);
    const font = fontParts(this.#state.font);
    const halo = this.#halo?.at === `${text} ${x} ${y}` ? this.#halo : null;
    this.#halo = null;
    const style: TextStyle = {
      ...{ ...font, colour, anchor: anchors[this.#state.textAlign] },
      opacity: opacity * globalAlpha,
      halo: halo && { colour: halo.colour, width: halo.width },
    };
    const down = textBaseline === 'middle' ? font.size * middleToBaseline : 0;
    this.#state.into.push({ kind: 'text', x, y: y + down, text, style });
  }

  measureText(text: string): TextMetrics {
    return this.#browser.measure(text, this.#state.font);
  }

  #plain(style: Pen['fillStyle']): PlainColour {
    if (typeof style === 'string') return this.#browser.plainColour(style);
    throw new Error('Marks have plain colours.');
  }

  #outline(path: string, way: 'fill' | 'stroke'): void {
    if (path === '') return;
    const { lineWidth, dash, globalAlpha, lineJoin: join, into } = this.#state;
    const { colour, opacity: own } = this.#plain(this.#state[`${way}Style`]);
    const [opacity, line] = [own * globalAlpha, { lineWidth, dash, join }];
    const last = into.at(-1);
    // Filled, then stroked: one outline with both.
    if (way === 'stroke' && last?.kind === 'outline' && last.path === path) {
      const { style } = last;
      if (style.stroke === null && style.opacity === opacity) {
        into[into.length - 1] = { ...last, style: { ...style, ...line, stroke: colour } };
        return;
      }
    }
    const colours = { fill: null, stroke: null, [way]: colour };
    into.push({ kind: 'outline', path, style: { ...colours, ...line, opacity } });
  }
}

const anchors: Readonly<Record<CanvasTextAlign, TextStyle['anchor']>> = {
  start: 'start',
  left: 'start',
  center: 'middle',
  end: 'end',
  right: 'end',
};

const rectanglePath = (x: number, y: number, width: number, height: number): string =>
  `M${rounded(x)} ${rounded(y)}h${rounded(width)}v${rounded(height)}h${rounded(-width)}Z`;

/** As charts set it: weight, size in pixels, family. */
function fontParts(font: string): Pick<TextStyle, 'weight' | 'size' | 'family'> {
  const match = /^(?:(\d+) )?([\d.]+)px (.+)$/.exec(font);
  if (!match) throw new Error(`The font ${font} cannot be kept as a mark.`);
  return { weight: Number(match[1] ?? 400), size: Number(match[2]), family: match[3]! };
}
