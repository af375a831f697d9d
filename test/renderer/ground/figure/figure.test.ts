import { describe, expect, it } from 'vitest';
import type { FigureMark } from '../../../../renderer/ground/figure/marks.ts';
import { MarkPen } from '../../../../renderer/ground/figure/pen.ts';
import { svgOf } from '../../../../renderer/ground/figure/svg.ts';

/** Every letter is six pixels wide; colours are as they come. */
const newPen = (): MarkPen =>
  new MarkPen({
    measure: (text) => ({ width: 6 * text.length }) as TextMetrics,
    plainColour: (colour) => ({ colour, opacity: 1 }),
  });

const figure = (marks: readonly FigureMark[], title = 'A chart') => ({
  ...{ width: 96, height: 48, title, background: '#ffffff', marks },
});

const parsed = (svg: string): Document => {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(document.querySelector('parsererror')).toBeNull();
  return document;
};

describe('a pen that keeps marks', () => {
  it('keeps lines with colour, width and dashes, and a circle as one path', () => {
    const pen = newPen();
    pen.strokeStyle = '#ff0000';
    pen.lineWidth = 1.5;
    pen.setLineDash([5, 4]);
    pen.beginPath();
    pen.moveTo(1, 2);
    pen.lineTo(3.14159, 4);
    pen.stroke();
    pen.setLineDash([]);
    pen.fillStyle = '#00ff00';
    pen.globalAlpha = 0.5;
    pen.beginPath();
    pen.arc(10, 10, 4, 0, 2 * Math.PI);
    pen.fill();
    const [line, circle] = pen.marks;
    expect(line).toMatchObject({
      path: 'M1 2L3.14 4',
      style: { stroke: '#ff0000', fill: null, lineWidth: 1.5, dash: [5, 4], opacity: 1 },
    });
    expect(circle).toMatchObject({
      path: 'M6 10A4 4 0 1 0 14 10A4 4 0 1 0 6 10Z',
      style: { fill: '#00ff00', stroke: null, opacity: 0.5 },
    });
  });

  it('makes one outline of what is filled and stroked', () => {
    const pen = newPen();
    pen.beginPath();
    pen.rect(0, 0, 5, 5);
    pen.fillStyle = '#111111';
    pen.fill();
    pen.strokeStyle = '#222222';
    pen.stroke();
    expect(pen.marks).toHaveLength(1);
    expect(pen.marks[0]).toMatchObject({ style: { fill: '#111111', stroke: '#222222' } });
  });

  it('keeps text as text, at its baseline and with its halo', () => {
    const pen = newPen();
    pen.font = '500 11px Inter, sans-serif';
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    pen.strokeStyle = '#ffffff';
    pen.lineWidth = 4;
    pen.strokeText('knee', 40, 20);
    pen.fillStyle = '#000000';
    pen.fillText('knee', 40, 20);
    expect(pen.marks).toMatchObject([
      {
        ...{ kind: 'text', text: 'knee', x: 40 },
        style: {
          ...{ family: 'Inter, sans-serif', size: 11, weight: 500, anchor: 'end' },
          halo: { colour: '#ffffff', width: 4 },
        },
      },
    ]);
    expect((pen.marks[0] as { y: number }).y).toBeCloseTo(23.85);
  });

  it('clips to a rectangle until it is restored, and refuses what marks cannot say', () => {
    const pen = newPen();
    pen.save();
    pen.beginPath();
    pen.rect(10, 10, 20, 20);
    pen.clip();
    pen.fillRect(0, 0, 100, 100);
    pen.restore();
    pen.fillRect(1, 1, 1, 1);
    expect(pen.marks.map(({ kind }) => kind)).toEqual(['clipped', 'outline']);
    expect(pen.marks[0]).toMatchObject({ x: 10, width: 20, marks: [{ kind: 'outline' }] });
    pen.beginPath();
    expect(() => pen.arc(0, 0, 4, 0, 1)).toThrow(/whole circles/);
    pen.moveTo(0, 0);
    expect(() => pen.clip()).toThrow(/rectangle/);
    pen.font = 'bold larger serif';
    expect(() => pen.fillText('x', 0, 0)).toThrow(/font/);
  });
});

describe('a figure as SVG', () => {
  it('has its size on paper, a title, and text that can be searched for', () => {
    const pen = newPen();
    pen.font = '11px Inter';
    pen.fillText('a < b & "c"', 3, 4);
    const svg = parsed(svgOf(figure(pen.marks, 'Score & cost')));
    const root = svg.documentElement;
    expect(root.getAttribute('width')).toBe('25.4mm');
    expect(root.getAttribute('viewBox')).toBe('0 0 96 48');
    expect(svg.querySelector('title')?.textContent).toBe('Score & cost');
    expect(svg.querySelector('text')?.textContent).toBe('a < b & "c"');
  });

  it('groups neighbours that look the same, and closes every group', () => {
    const pen = newPen();
    for (let i = 0; i < 100; i++) pen.fillRect(i, 0, 1, 1);
    pen.fillStyle = '#123456';
    pen.fillRect(0, 0, 1, 1);
    const svg = parsed(svgOf(figure(pen.marks)));
    expect(svg.querySelectorAll('g')).toHaveLength(2);
    expect(svg.querySelectorAll('path')).toHaveLength(101);
    expect(svg.querySelector('g[fill="#123456"] path')).toBeTruthy();
  });

  it('clips, and leaves out characters that no XML file may hold', () => {
    const pen = newPen();
    pen.save();
    pen.beginPath();
    pen.rect(1, 2, 3, 4);
    pen.clip();
    pen.font = '10px x';
    pen.fillText('a\u0000b\u001b', 0, 0);
    pen.restore();
    const svg = parsed(svgOf(figure(pen.marks)));
    expect(svg.querySelector('clipPath rect')?.getAttribute('height')).toBe('4');
    expect(svg.querySelector('[clip-path] text')?.textContent).toBe('ab');
  });
});
