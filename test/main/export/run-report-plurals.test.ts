/** A run of a single network is told of as one. */
import { expect, it } from 'vitest';
import { runReportHtml } from '../../../main/export/report/run-report.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { toyCandidate, toyRunInfo } from '../../support/toy-search.ts';

it('counts one network as one', () => {
  const info = toyRunInfo();
  const html = runReportHtml({
    ...{ name: 'Toy', space: spaceNamed('nats-sss'), info, candidates: [toyCandidate(1)] },
    ...{ marks: [], tags: [], trained: [], analysis: null, productVersion: '0.1.0' },
  });
  expect(html).toContain('1 scored network, 1 of them on the front.');
  expect(html).not.toMatch(/\b1 (networks|threads|classes|scored networks)\b/);
});
