import { describe, expect, it } from 'vitest';
import { defaultPhoneSettings, phoneSettings } from '../../preload/contract.ts';
import {
  defaultPhoneSettings as mainDefaults,
  phoneSettingsSchema,
} from '../../main/phone/run-settings.ts';
import { z } from 'zod';

describe('settings of phones', () => {
  it('are the same on both sides of the contract', () => {
    expect(defaultPhoneSettings).toEqual(mainDefaults);
    expect(z.toJSONSchema(phoneSettings)).toEqual(z.toJSONSchema(phoneSettingsSchema));
  });
});
