/** Styles that decide what a person's own text looks like. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

it('shows names as they were typed, without contextual shapes for the x of 256x256', () => {
  const file = path.join(import.meta.dirname, '../../renderer/styles/base.css');
  const features = readFileSync(file, 'utf8').match(/font-feature-settings:[^;]+;/g) ?? [];
  expect(features.length).toBeGreaterThan(1);
  for (const each of features) expect(each).toContain("'calt' 0");
});
