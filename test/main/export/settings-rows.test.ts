/** What a report says of settings is passed on. */
import { expect, it } from 'vitest';
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
