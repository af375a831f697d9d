import { expect, it } from 'vitest';
import { runnerCacheFolder, stateFolder } from '../../main/system-folders.ts';

it('remembers where the system keeps such things', () => {
  expect(stateFolder({ XDG_STATE_HOME: '/state' }, 'linux')).toBe('/state/zico-workbench');
  expect(stateFolder({}, 'linux')).toMatch(/\.local\/state\/zico-workbench$/);
  expect(stateFolder({}, 'darwin')).toMatch(/Library\/Application Support\/zico-workbench$/);
  expect(stateFolder({ ZICO_STATE_FOLDER: '/here' }, 'win32')).toBe('/here');
});

it('unpacks where the system keeps what can be made again', () => {
  expect(runnerCacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux')).toBe('/c/zico-workbench/runner');
  expect(runnerCacheFolder({}, 'darwin')).toMatch(/Library\/Caches\/zico-workbench\/runner$/);
  expect(runnerCacheFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe('/l/zico-workbench/runner');
  expect(runnerCacheFolder({ ZICO_RUNNER_CACHE: '/here' }, 'linux')).toBe('/here');
});
