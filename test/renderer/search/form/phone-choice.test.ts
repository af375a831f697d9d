import { describe, expect, it } from 'vitest';
import {
  phoneChoices,
  phoneFault,
  selectedPhones,
  serialsOf,
  valueOfSerials,
} from '../../../../renderer/search/form/phone-choice.ts';
import { fakePhone, phonesWith, unauthorized, waitingPhone } from '../../fake-phones.ts';

const untrusted = waitingPhone('R38M', 'unauthorized', unauthorized);
const two = [fakePhone('A'), fakePhone('B')];

describe('the choice of a phone for a search', () => {
  it('offers each that is ready, and those of one model together', () => {
    const choices = phoneChoices(phonesWith([...two, untrusted]));
    expect(choices.map(({ label }) => label)).toEqual([
      'No phone',
      'SM-G973F, A, Exynos 9820, Android 12',
      'SM-G973F, B, Exynos 9820, Android 12',
      'All 2 SM-G973F share the work',
    ]);
    expect(serialsOf(choices[3]!.value)).toEqual(['A', 'B']);
    expect(valueOfSerials(null)).toBe('');
    expect(phoneChoices(phonesWith([fakePhone('A')]))[0]!.label).toBe('The usual one: Galaxy S10');
  });

  it('comes to the usual phone unless one is named', () => {
    const serials = (...args: Parameters<typeof selectedPhones>) =>
      selectedPhones(...args).map(({ serial }) => serial);
    expect(serials(phonesWith(two, { preferred: 'B' }), null)).toEqual(['B']);
    expect(serials(phonesWith(two), null)).toEqual([]);
    expect(serials(phonesWith(two), ['A', 'B'])).toEqual(['A', 'B']);
    expect(serials(null, null)).toEqual([]);
  });

  it.each([
    [null, null, 'Looking for phones…'],
    [phonesWith([]), null, 'No phone is plugged in.'],
    [phonesWith([untrusted]), null, 'A phone is plugged in, but it cannot be used yet.'],
    [phonesWith(two), null, '2 phones are plugged in: choose one.'],
    [phonesWith(two), ['C'], 'C is not plugged in, or cannot be used yet.'],
    [phonesWith([], { trouble: unauthorized }), null, unauthorized.message],
    [phonesWith(two), ['A'], null],
    [phonesWith([fakePhone('A')]), null, null],
  ])('says why a search cannot begin: %#', (view, serials, fault) => {
    expect(phoneFault(view, serials)).toBe(fault);
  });
});
