import { describe, expect, it } from 'vitest';
import { choosePhone } from '../../../../main/phone/adb/choose.ts';
import {
  obstacle,
  parseListing,
  sameListing,
  type PhoneListing,
} from '../../../../main/phone/adb/listing.ts';
import type { Known } from '../../../../main/common/known.ts';

describe("the server's list of phones", () => {
  it('is read line by line', () => {
    const text =
      'R58M1\tdevice\n127.0.0.1:6555\toffline\nR58M2\tunauthorized\nR58M3\tauthorizing\nR58M4\trecovery\n????????????\toffline\n';
    expect(parseListing(text)).toEqual([
      { serial: 'R58M1', state: 'ready' },
      { serial: '127.0.0.1:6555', state: 'offline' },
      { serial: 'R58M2', state: 'unauthorized' },
      { serial: 'R58M3', state: 'connecting' },
      { serial: 'R58M4', state: 'not-started' },
    ]);
    expect(parseListing('')).toEqual([]);
  });

  it('shows a phone that may not be opened, although it has no number', () => {
    const text =
      '????????????\tno permissions (user in plugdev group; are your udev rules wrong?); see [http://developer.android.com/tools/device.html]\n';
    const phone = parseListing(text)[0]!;
    expect(phone.state).toBe('no-permission');
    expect(obstacle(phone)).toMatchObject({
      code: 'phone-no-permission',
      hint: expect.stringContaining('ATTR{idVendor}=="04e8"') as string,
    });
  });

  it('is the same in another order', () => {
    const [a, b] = parseListing('1\tdevice\n2\toffline\n') as unknown as Known<PhoneListing>;
    expect(sameListing([a, b], [b, a])).toBe(true);
    expect(sameListing([a], [a, b])).toBe(false);
    expect(sameListing([a], [{ ...a, state: 'offline' }])).toBe(false);
  });
});

describe('the phone that is meant', () => {
  const [ready, other, locked] = parseListing(
    '1\tdevice\n2\tdevice\n3\tunauthorized\n',
  ) as unknown as Known<PhoneListing>;

  it('is the only one that works, or the one that is named', () => {
    expect(choosePhone([ready, locked], undefined)).toBe(ready);
    expect(choosePhone([ready, other], '2')).toBe(other);
  });

  it.each([
    ['phone-none', [], undefined],
    ['phone-several', [ready, other], undefined],
    ['phone-not-seen', [ready, other], '9'],
    ['phone-unauthorized', [locked], undefined],
    ['phone-unauthorized', [ready, locked], '3'],
  ] as const)('is refused with %s', (code, phones, serial) => {
    expect(() => choosePhone(phones, serial)).toThrow(expect.objectContaining({ code }));
  });
});
