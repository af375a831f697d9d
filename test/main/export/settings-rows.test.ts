/** What a report says of settings is passed on. */
import { expect, it } from 'vitest';
import { defaultPhoneSettings, type PhoneSettings } from '../../../main/common/phone-settings.ts';
import { settingsRows } from '../../../main/export/report/settings-rows.ts';
import { toyRunInfo, toySettings } from '../../support/toy-search.ts';

it.each([
  ['/home/anna/patients/lungs', 'lungs'],
  ['/home/anna/patients/lungs/', 'lungs'],
  ['C:\\Users\\anna\\lungs.zip', 'lungs.zip'],
  [null, '–'],
])('of images at %s it names the last part alone', (data, named) => {
  const rows = settingsRows(toyRunInfo({ ...toySettings, data }));
  expect(rows).toContainEqual(['data', named]);
  expect(JSON.stringify(rows)).not.toContain('anna');
});

it('keeps the settings in their order', () => {
  const settings = { ...toySettings, data: '/home/anna/lungs', phone: defaultPhoneSettings };
  const names = settingsRows(toyRunInfo(settings)).map(([name]) => name);
  expect(names).toEqual([...Object.keys(settings), 'images']);
});

it('of the programs that measure on a phone as well', () => {
  const phone: PhoneSettings = {
    ...defaultPhoneSettings,
    tflite: {
      benchmark: '/home/anna/tools/benchmark_model',
      converter: [
        'C:\\Users\\anna\\python.exe',
        '/home/anna/a=b/convert.py',
        '--quiet',
        '--model=/home/anna/net.py',
      ],
      flags: [
        '--use_xnnpack=true',
        '--delegate_path=C:\\Users\\anna\\delegate.so',
        '/home/anna/x.txt',
      ],
      ...{ delegate: 'cpu', version: '2.9', precision: 'float32' },
      conversionLimitMs: 60_000,
    },
  };
  const rows = settingsRows(toyRunInfo({ ...toySettings, phone }));
  const told = String(rows.find(([name]) => name === 'phone')?.[1]);
  expect(told).toContain('"benchmark":"benchmark_model"');
  expect(told).toContain('["python.exe","convert.py","--quiet","--model=net.py"]');
  expect(told).toContain('["--use_xnnpack=true","--delegate_path=delegate.so","x.txt"]');
  expect(told).not.toContain('anna');
});
