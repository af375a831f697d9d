/** A figure as an SVG file: outlines stay outlines and text stays text, to be edited and searched for. */
import {
  pixelsPerMillimetre,
  type Clipped,
  type Figure,
  type FigureMark,
  type TextStyle,
} from './marks.ts';

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

const escaped = (text: string): string =>
  text
    // What XML cannot hold at all.
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');

/** The page's own fonts, and what every program has where a computer lacks them. */
const family = (name: string): string => escaped(name);

export function svgOf({ width, height, title, background, marks }: Figure): string {
  const clips: Clipped[] = [];
  const body = written(marks, clips);
  const [w, h] = [rounded(width), rounded(height)];
  const millimetres = (pixels: number): string => `${rounded(pixels / pixelsPerMillimetre)}mm`;
  const defined = clips.map(
    (clip, i) =>
      `<clipPath id="c${i}"><rect x="${rounded(clip.x)}" y="${rounded(clip.y)}" width="${rounded(clip.width)}" height="${rounded(clip.height)}"/></clipPath>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${millimetres(width)}" height="${millimetres(height)}" viewBox="0 0 ${w} ${h}" role="img">`,
    `<title>${escaped(title)}</title>`,
    ...(defined.length > 0 ? [`<defs>${defined.join('')}</defs>`] : []),
    `<rect width="${w}" height="${h}" fill="${escaped(background)}"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

function written(marks: readonly FigureMark[], clips: Clipped[]): string[] {
  const lines: string[] = [];
  /** Neighbours that look the same stand in one group: a cloud of points is a tenth as long. */
  let style = '';
  for (const mark of marks) {
    const own = mark.kind === 'outline' ? outlineAttributes(mark.style) : '';
    if (own !== style) {
      if (style !== '') lines.push('</g>');
      if (own !== '') lines.push(`<g${own}>`);
      style = own;
    }
    switch (mark.kind) {
      case 'outline': {
        const moved = mark.transform ? ` transform="matrix(${mark.transform.join(' ')})"` : '';
        lines.push(`<path d="${escaped(mark.path)}"${moved}/>`);
        break;
      }
      case 'text':
        lines.push(
          `<text x="${rounded(mark.x)}" y="${rounded(mark.y)}"${textAttributes(mark.style)}>${escaped(mark.text)}</text>`,
        );
        break;
      case 'clipped':
        clips.push(mark);
        lines.push(`<g clip-path="url(#c${clips.length - 1})">`);
        lines.push(...written(mark.marks, clips), '</g>');
        break;
    }
  }
  if (style !== '') lines.push('</g>');
  return lines;
}

function outlineAttributes({
  fill,
  stroke,
  lineWidth,
  dash,
  join,
  opacity,
}: Extract<FigureMark, { kind: 'outline' }>['style']): string {
  const parts = [` fill="${fill === null ? 'none' : escaped(fill)}"`];
  if (stroke !== null) {
    parts.push(` stroke="${escaped(stroke)}" stroke-width="${rounded(lineWidth)}"`);
    if (join !== 'miter') parts.push(` stroke-linejoin="${join}"`);
    if (dash.length > 0) parts.push(` stroke-dasharray="${dash.map(rounded).join(' ')}"`);
  }
  // Of each outline by itself: an opacity of the group would be another picture where they overlap.
  if (opacity < 1) {
    if (fill !== null) parts.push(` fill-opacity="${rounded(opacity)}"`);
    if (stroke !== null) parts.push(` stroke-opacity="${rounded(opacity)}"`);
  }
  return parts.join('');
}

function textAttributes(style: TextStyle): string {
  const parts = [
    ` fill="${escaped(style.colour)}" font-family="${family(style.family)}"`,
    ` font-size="${rounded(style.size)}"`,
  ];
  if (style.weight !== 400) parts.push(` font-weight="${style.weight}"`);
  if (style.anchor !== 'start') parts.push(` text-anchor="${style.anchor}"`);
  if (style.opacity < 1) parts.push(` opacity="${rounded(style.opacity)}"`);
  if (style.halo) {
    const { colour, width } = style.halo;
    parts.push(
      ` stroke="${escaped(colour)}" stroke-width="${rounded(width)}" stroke-linejoin="round" paint-order="stroke"`,
    );
  }
  return parts.join('');
}
