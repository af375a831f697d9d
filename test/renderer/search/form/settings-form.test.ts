import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isNumberKey,
  searchSettings,
  searchSettingsSchema,
  settingKeys,
  settingsInWords,
  type NumberKey,
} from '../../../../main/common/settings/index.ts';
import {
  formOf,
  parseNumber,
  validate,
  type FormField,
  type FormValues,
  isPreset,
  presetFields,
} from '../../../../renderer/search/form/settings-form.ts';
import { settings, space } from '../../fake-bridge.ts';

const form = (changes: Partial<FormValues> = {}): FormValues => ({
  ...formOf(settings, 'A search'),
  ...changes,
});

function errorOf(field: FormField, value: string) {
  const result = validate(form({ [field]: value }));
  return result.ok ? undefined : result.errors[field];
}

describe('the form', () => {
  it('gives back the settings it was made from', () => {
    expect(validate(form())).toEqual({ ok: true, settings });
  });

  it('gives back limits and time too', () => {
    const limited = {
      ...settings,
      seconds: 90,
      candidates: 50,
      maxMacs: 9e7,
      maxParameters: 5e5,
      maxLatencyMs: 2.5,
      termCap: 100,
    };
    expect(validate(formOf(limited, 'A search'))).toEqual({ ok: true, settings: limited });
  });

  it('says at the field what is valid, and offers the nearest value', () => {
    expect(errorOf('batches', '1')).toMatchObject({ offer: '2' });
    expect(errorOf('batches', '100')).toMatchObject({ offer: '64' });
    expect(errorOf('population', '2.6')).toMatchObject({ offer: '4' });
    expect(errorOf('beta', 'much')).toMatchObject({ offer: null });
    expect(errorOf('seed', '')).toMatchObject({ offer: null });
    expect(errorOf('name', '  ')).toBeDefined();
  });

  it('offers only values that it then accepts', () => {
    const fields = fc.constantFrom(...settingKeys.filter(isNumberKey));
    const typed = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.string(),
    );
    fc.assert(
      fc.property(fields, typed, (field, value) => {
        const offer = errorOf(field, value)?.offer;
        if (offer) expect(errorOf(field, offer)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it('asks for no correction and no cap where the score is none of ZiCo’s, and keeps what they were', () => {
    const shown = (score: string) =>
      (['beta', 'termCap', 'biasSize', 'biasLayers'] as const).filter(
        (key) => searchSettings[key].field.shownFor?.({ ...settings, score }) ?? true,
      );
    expect(shown('zico-bc')).toEqual(['beta', 'termCap', 'biasSize', 'biasLayers']);
    expect(shown('zico-bc+near')).toEqual(['beta', 'termCap', 'biasSize', 'biasLayers']);
    expect(shown('zico')).toEqual(['termCap']);
    expect(shown('near')).toEqual([]);
    expect(shown('near+synflow')).toEqual([]);
    // A candidate can be given its ZiCo later, as the preset has it.
    const near = validate(form({ score: 'near', beta: '1.5', termCap: '50' }));
    expect(near).toMatchObject({ ok: true, settings: { beta: 1.5, termCap: 50 } });
    expect(validate(form({ score: 'near', termCap: '' }))).toMatchObject({
      settings: { termCap: null },
    });
    // What nobody can see, nobody can mend.
    expect(validate(form({ score: 'near', beta: 'much' }))).toMatchObject({ ok: true });
    expect(errorOf('beta', 'much')).toBeDefined();
  });

  it('says of a run only what its score counts', () => {
    const words = (score: string) =>
      settingsInWords({ ...settings, beta: 1.5, termCap: 50, score }).join(', ');
    expect(words('zico-bc')).toMatch(/β 1\.50.*term cap 50|term cap 50.*β 1\.50/);
    expect(words('near')).not.toMatch(/β|term cap/);
    expect(words('zico')).toMatch(/term cap 50/);
  });

  it('has no limit on latency where MACs stand for it, whatever was typed before', () => {
    for (const maxLatencyMs of ['5', 'soon']) {
      const result = validate(form({ latency: 'macs', maxLatencyMs }));
      expect(result).toMatchObject({ ok: true, settings: { maxLatencyMs: null } });
    }
    expect(errorOf('maxLatencyMs', 'soon')).toBeDefined();
    expect(errorOf('maxLatencyMs', '0')).toMatchObject({ offer: '0.001' });
  });

  it('needs something that ends the search', () => {
    const endless = form({ generations: '', candidates: '', seconds: '' });
    expect(validate(endless)).toMatchObject({
      ok: false,
      errors: { generations: { offer: '10' } },
    });
    expect(validate({ ...endless, seconds: '2' }).ok).toBe(true);
  });

  it('produces nothing that the contract refuses', () => {
    const numbers = fc.oneof(
      fc.constantFrom(
        '',
        '0',
        '1',
        '2',
        '64',
        '65',
        '10',
        '10.5',
        '10001',
        '-1',
        '1e9',
        '4294967296',
      ),
      fc.double({ min: -10, max: 1e7, noNaN: true }).map((value) => value.toFixed(3)),
      fc.integer({ min: 0, max: 200 }).map(String),
    );
    const fields = settingKeys.filter(isNumberKey);
    const changes = fc.record(Object.fromEntries(fields.map((field) => [field, numbers])));
    fc.assert(
      fc.property(changes, (change) => {
        const result = validate(form(change));
        if (result.ok) expect(searchSettingsSchema.safeParse(result.settings).success).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses nothing at the very limits of the contract', () => {
    const edges: [NumberKey, number[]][] = [
      ['population', [4, 10_000]],
      ['batches', [2, 64]],
      ['batchSize', [1, 4096]],
      ['seed', [0, 0xffff_ffff]],
      ['beta', [0, 10]],
    ];
    for (const [field, values] of edges) {
      for (const value of values) {
        expect(errorOf(field, String(value))).toBeUndefined();
        expect(searchSettingsSchema.safeParse({ ...settings, [field]: value }).success).toBe(true);
      }
    }
  });
});

describe('a preset', () => {
  it('fills in fields that are that preset until one says otherwise', () => {
    for (const preset of ['robust', 'paper'] as const) {
      const values = space.presets[preset];
      const filled = { ...formOf(settings, 'A search'), ...presetFields(values), preset };
      expect(isPreset(filled, values)).toBe(true);
      expect(validate(filled)).toMatchObject({ ok: true, settings: { ...values, preset } });
      expect(isPreset({ ...filled, beta: `${values.beta}.0` }, values)).toBe(true);
      expect(isPreset({ ...filled, batches: '3' }, values)).toBe(false);
      expect(isPreset({ ...filled, biasSize: 'scoring' }, values)).toBe(false);
    }
  });
});

describe('numbers', () => {
  it('are read with suffixes and separators', () => {
    expect(parseNumber('500 k')).toBe(500_000);
    expect(parseNumber('1.5M')).toBe(1_500_000);
    expect(parseNumber('1,234')).toBe(1234);
    expect(parseNumber('.5')).toBe(0.5);
    expect(parseNumber('')).toBeNaN();
    expect(parseNumber('k')).toBeNaN();
    expect(parseNumber('12 apples')).toBeNaN();
  });
});
