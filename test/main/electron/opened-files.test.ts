import { describe, expect, it } from 'vitest';
import { OpenedFiles, runFilesOf } from '../../../main/electron/opened-files.ts';

describe('files that the system hands over', () => {
  it('wait until the page asks, and are told once', () => {
    let arrivals = 0;
    const files = new OpenedFiles(() => (arrivals += 1));
    expect(files.take()).toBeNull();
    files.add(['/a.zico', '/b.zico']);
    expect(arrivals).toBe(1);
    expect(files.take()).toBe('/b.zico');
    expect(files.take()).toBeNull();
  });

  it('nothing that arrives is no arrival', () => {
    const files = new OpenedFiles(() => expect.unreachable());
    files.add([]);
  });

  it('are the run files among the arguments, seen from where the program was started', () => {
    const argv = ['/opt/zico.zico', '--user-data-dir=/x.zico', 'a.zico', '/b/c.zico', 'photo.png'];
    expect(runFilesOf(argv, '/home')).toEqual(['/home/a.zico', '/b/c.zico']);
    expect(runFilesOf(['app', '.'], '/home')).toEqual([]);
  });
});
