import { describe, expect, it } from 'vitest';
import {
  alternativesOf,
  placeOfPart,
  withAnother,
  withoutOne,
} from '../../../../renderer/spaces/editor/alternatives.ts';

describe('a part that is one of several', () => {
  const plain = { kind: 'classifier' };

  it('begins with a copy, which a gene chooses, and ends as it was', () => {
    const { value, name } = withAnother('head', plain);
    expect(value).toEqual({ gene: 'head', oneOf: { first: plain, second: plain } });
    expect(name).toBe('second');
    expect(withAnother('head', value).name).toBe('head');
    expect(withoutOne(value, 'second')).toEqual(plain);
  });

  it('is shown at its place, or the first is', () => {
    const { value } = withAnother('head', plain);
    expect(alternativesOf(plain)).toBeNull();
    expect(placeOfPart('head', plain)).toEqual(['network', 'head']);
    expect(placeOfPart('head', value)).toEqual(['network', 'head', 'oneOf', 'first']);
    expect(placeOfPart('head', value, 'second').at(-1)).toBe('second');
    expect(placeOfPart('head', value, 'gone').at(-1)).toBe('first');
  });
});
