import { expect, it } from 'vitest';
import { noticesFile } from '../../../main/electron/notices-file.ts';

it.each([
  ['a clone', { packaged: false, platform: 'linux' }, '/clone/dist/THIRD_PARTY_NOTICES.txt'],
  ['a package', { packaged: true, platform: 'linux' }, '/opt/zico/THIRD_PARTY_NOTICES.txt'],
  ['a Mac', { packaged: true, platform: 'darwin' }, '/opt/THIRD_PARTY_NOTICES.txt'],
] as const)('licences of %s', (_, place, file) => {
  expect(noticesFile({ dist: '/clone/dist', executable: '/opt/zico/zico', ...place })).toBe(file);
});
