import { describe, expect, it } from 'vitest';
import {
  ownRunners,
  defaultPhoneSettings,
  phoneSettingsSchema,
} from '../../../../main/common/phone-settings.ts';
import {
  coreChoices,
  coreOf,
  coreValue,
  phoneNumbers,
  phoneNumberText,
  readPhoneNumber,
  runnerChoices,
} from '../../../../renderer/search/form/phone-form.ts';

describe('how a phone measures, as fields', () => {
  it.each(phoneNumbers)('reads %s as it is written, within what a search takes', (name) => {
    const text = phoneNumberText(name, defaultPhoneSettings);
    expect(readPhoneNumber(name, text)).toBe(defaultPhoneSettings[name]);
    for (const wrong of ['', '-1', '1.5', 'ten', '1e3', '999999999']) {
      expect(readPhoneNumber(name, wrong)).toBeNull();
    }
    // Whatever passes here is taken by the contract.
    for (const typed of ['0', '1', '64', '100', '10080', '86400', '100000']) {
      const value = readPhoneNumber(name, typed);
      if (value === null) continue;
      const settings = { ...defaultPhoneSettings, [name]: value };
      expect(phoneSettingsSchema.safeParse(settings).success).toBe(true);
    }
  });

  it('keeps a mask of cores that came with a run', () => {
    const masked = { ...defaultPhoneSettings, core: { mask: 0xc0 } };
    expect(coreChoices(masked).map(({ value }) => value)).toEqual(['big', 'mid', 'little', 'c0']);
    expect(coreOf(coreValue(masked))).toEqual({ mask: 0xc0 });
    expect(coreOf(coreValue(defaultPhoneSettings))).toBe('big');
  });

  it('offers the runners that need nothing, and others where they were set up', () => {
    const names = (settings = defaultPhoneSettings) =>
      runnerChoices(settings).map(({ value }) => value);
    expect(names()).toEqual(['', ...ownRunners]);
    expect(names({ ...defaultPhoneSettings, runner: 'command' })).toContain('command');
  });
});
