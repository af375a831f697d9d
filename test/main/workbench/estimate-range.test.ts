import { expect, it } from 'vitest';
import { spaceNamed, withResolution } from '../../../main/space/index.ts';
import { estimateWarning } from '../../../main/workbench/estimate-range.ts';

it('says that a space of small images lies outside of what was measured, and what to do', async () => {
  const warning = await estimateWarning(spaceNamed('nats-sss'), 'predicted-s10-cpu-int8');
  expect(warning).toMatchObject({ code: 'estimate-out-of-range' });
  expect(warning?.message).toContain('24 of 24 networks');
  expect(warning?.examples[0]).toBe('size of the image');
  for (const other of ['macs', 'host', 'phone']) expect(warning?.hint).toContain(other);
  expect(await estimateWarning(spaceNamed('nats-sss'), 'predicted-s10-cpu-int8')).toEqual(warning);
});

it('says nothing where the space is like what was measured, nor of other sources', async () => {
  const space = withResolution(spaceNamed('efficientnet'), { deployment: [224, 224] });
  const warning = await estimateWarning(space, 'predicted-s10-gpu');
  expect(warning?.examples ?? []).not.toContain('size of the image');
  expect(await estimateWarning(spaceNamed('nats-sss'), 'host')).toBeNull();
  expect(await estimateWarning(spaceNamed('nats-sss'), 'macs')).toBeNull();
});
