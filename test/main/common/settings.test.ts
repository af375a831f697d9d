import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultSearchSettings,
  isNumberKey,
  numberSettingOf,
  searchSettings,
  searchSettingsSchema,
  settingKeys,
  settingsInWords,
  storedSettingsSchema,
  type SettingKey,
} from '../../../main/common/settings/index.ts';
import { generationalDefaults } from '../../../main/common/settings/method.ts';

describe('the settings of a search', () => {
  it('are valid for whoever says nothing', () => {
    expect(searchSettingsSchema.parse(defaultSearchSettings)).toEqual(defaultSearchSettings);
  });

  it('keep their order in files and JSON', () => {
    const parsed = storedSettingsSchema.parse(defaultSearchSettings);
    expect(Object.keys(parsed)).toEqual(settingKeys);
  });

  it('of older runs mean what such runs did', () => {
    const older = Object.fromEntries(
      Object.entries(defaultSearchSettings).filter(
        ([key]) => searchSettings[key as SettingKey].before === undefined,
      ),
    );
    expect(searchSettingsSchema.safeParse(older).success).toBe(false);
    const stored = storedSettingsSchema.parse(older);
    expect(stored).toMatchObject({ phone: null, maxLatencyMs: null });
    for (const key of settingKeys) {
      const { before } = searchSettings[key];
      if (before !== undefined) expect(stored[key]).toEqual(before);
    }
  });

  it('that nobody knows are refused', () => {
    const newer = { ...defaultSearchSettings, colour: 'green' };
    expect(storedSettingsSchema.safeParse(newer).success).toBe(false);
  });

  it('have one option each, and one label', () => {
    const options = settingKeys.flatMap((key) => searchSettings[key].option?.flags ?? []);
    expect(new Set(options).size).toBe(options.length);
    const labels = settingKeys.map((key) => searchSettings[key].field.label);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('that are numbers take exactly the numbers of their range', () => {
    const number = fc.oneof(
      fc.integer({ min: -10, max: 20_000 }),
      fc.double({ min: -1, max: 1e10, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...settingKeys.filter(isNumberKey)), number, (key, value) => {
        const { range, schema } = numberSettingOf(key);
        const inside =
          (!range.whole || Number.isSafeInteger(value)) &&
          value >= (range.from ?? -Infinity) &&
          value > (range.above ?? -Infinity) &&
          value <= (range.to ?? Infinity);
        expect(schema.safeParse(value).success).toBe(inside);
      }),
    );
  });

  it('that may be left empty are null then, and no others', () => {
    for (const key of settingKeys.filter(isNumberKey)) {
      const { schema, optional } = numberSettingOf(key);
      expect(schema.safeParse(null).success).toBe(optional);
    }
  });

  it('are said in words, what is not limited left out, the seed last', () => {
    const limited = {
      ...defaultSearchSettings,
      ...generationalDefaults,
      ...{ latency: 'host' as const, seconds: 90, maxMacs: 9e7, termCap: 50 },
    };
    expect(settingsInWords(limited)).toEqual([
      'nats-sss',
      'latency of this computer',
      'latencies known within ±5 %',
      '20 × 10 generations',
      'at most 1 min 30 s',
      'robust preset',
      'β 2.00',
      'term cap 50',
      '4 batches of 8',
      'at most 90.0 M MACs',
      'seed 0',
    ]);
    // Nothing is measured where MACs are counted.
    expect(settingsInWords(defaultSearchSettings).join()).not.toContain('known within');
  });
});
