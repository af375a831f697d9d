/**
 * The tables of a run file as data: reading, checking, writing and digests follow from it. A new column gets
 * its line here and its step in schema.ts; `since` is the version to which the step leads.
 */
import { leastAccuracy, longestName, mostAccuracy } from '../common/trained.ts';
import { longestGivenName } from '../common/notes.ts';
import { candidateStatuses, runStatuses } from '../common/run-states.ts';
import { networkFactsSchema } from '../common/network-facts.ts';
import { biasLayerSets, biasSizes, type BiasLayerSet, type BiasSize } from '../common/zico-bc.ts';
import type { Column, Content, Cover, Table } from './column.ts';
import { digestLimit } from './digest.ts';
import {
  conditionsContent,
  engineContent,
  genesContent,
  layersContent,
  lossesContent,
  measurementContent,
  networkContent,
  parentsContent,
  resolutionsContent,
  runsContent,
  scoringContent,
  settingsContent,
  spaceContent,
  tagsContent,
  trainedLatencyContent,
  warningsContent,
} from './json-content.ts';

const mebibyte = 2 ** 20;

const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Content => ({
  ...{ kind: 'integer', least, most },
});
const id = whole(1, 0x7fff_ffff);
const real = (least: number, most: number): Content => ({ kind: 'real', least, most });
/** Sums of logarithms over the layers of a network: charts are drawn of them. */
const score = real(-1e9, 1e9);
const milliseconds = real(0, 1e9);
const text = (mostBytes: number, oneOf?: readonly string[]): Content => ({
  ...{ kind: 'text', mostBytes },
  ...(oneOf && { oneOf }),
});
const json = (schema: Extract<Content, { kind: 'json' }>['schema'], mostBytes = mebibyte) =>
  ({ kind: 'json', mostBytes, schema }) as const;

interface Places {
  readonly nullable?: boolean;
  readonly since?: number;
  readonly before?: string;
}

const column =
  (cover: Cover) =>
  (
    name: string,
    content: Content,
    { nullable = false, since = 1, before }: Places = {},
  ): Column => ({
    ...{ name, content, nullable, cover, since },
    ...(before !== undefined && { before }),
  });

const covered = column('digest');
/** The columns of a candidate that lists do not show. */
const rest = column('rest_digest');
const digest = (name: string): Column =>
  column(null)(name, whole(0, digestLimit - 1), { nullable: true, since: 7 });
const orNull: Places = { nullable: true };

export const runTable: Table = {
  name: 'run',
  key: 'run',
  columns: [
    covered('run_id', text(1000)),
    covered('settings', json(settingsContent)),
    covered('data_description', text(mebibyte)),
    covered('product_version', text(1000)),
    covered('created_at', text(100)),
    covered('status', text(100, runStatuses)),
    covered('elapsed_seconds', real(0, 1e12)),
    covered('space', json(spaceContent, 8 * mebibyte), { ...orNull, since: 2 }),
    covered('tags', json(tagsContent), { since: 3, before: "'[]'" }),
    covered('warnings', json(warningsContent, 8 * mebibyte), { ...orNull, since: 4 }),
    covered('scoring', json(scoringContent), { ...orNull, since: 5 }),
    // About all candidates: how many there are, how many failed, how many have no digest, and the sum of the
    // digests.
    covered('candidates', whole(0), { ...orNull, since: 7 }),
    covered('failed', whole(0), { ...orNull, since: 7 }),
    covered('without_digest', whole(0), { ...orNull, since: 7 }),
    covered('candidates_digest', whole(0, digestLimit - 1), { ...orNull, since: 7 }),
    digest('digest'),
  ],
};

/** The bias by the feature maps and the layers that count (common/zico-bc.ts). */
export const biasColumn = (size: BiasSize, layers: BiasLayerSet) => `bias_${size}_${layers}`;
const biasColumns = biasSizes.flatMap((size) =>
  biasLayerSets.map((layers) => biasColumn(size, layers)),
);

export const candidateTable: Table = {
  name: 'candidate',
  key: 'id',
  columns: [
    covered('id', id),
    covered('genotype', text(65_536)),
    covered('generation', whole(0, 0x7fff_ffff)),
    covered('parents', json(parentsContent, 65_536)),
    covered('parameters', whole(0)),
    covered('macs', whole(0)),
    covered('status', text(100, candidateStatuses)),
    covered('failure_code', text(1000), orNull),
    covered('failure_message', text(mebibyte), orNull),
    covered('failure_hint', text(mebibyte), orNull),
    covered('zico', score, orNull),
    covered('zico_capped', score, orNull),
    covered('bias', score, orNull),
    covered('latency_ms', milliseconds, orNull),
    covered('facts', json(networkFactsSchema, 65_536), { ...orNull, since: 8 }),
    ...biasColumns.map((name) => covered(name, score, { ...orNull, since: 8 })),
    covered('genes', json(genesContent, 65_536), { ...orNull, since: 9 }),
    rest('term_cap', real(0, 1e300), orNull),
    rest('losses', json(lossesContent), orNull),
    rest('engine', json(engineContent, 65_536), orNull),
    rest('scoring_seconds', real(0, 1e9), orNull),
    rest('p90_ms', milliseconds, orNull),
    rest('min_ms', milliseconds, orNull),
    rest('latency_conditions', json(conditionsContent), orNull),
    rest('resolutions', json(resolutionsContent, 65_536), {
      ...{ nullable: true, since: 2 },
      before: `CASE status WHEN 'evaluated' THEN '{"scoring":[32,32],"deployment":[32,32]}' END`,
    }),
    digest('digest'),
    digest('rest_digest'),
  ],
};

export const detailTable: Table = {
  name: 'candidate_detail',
  key: 'id',
  columns: [
    covered('id', id),
    covered('layers', json(layersContent, 64 * mebibyte)),
    covered('runs_ms', json(runsContent, 64 * mebibyte), orNull),
    covered('measurement', json(measurementContent, 64 * mebibyte), { ...orNull, since: 6 }),
    covered('network', json(networkContent, 64 * mebibyte), { ...orNull, since: 9 }),
    digest('digest'),
  ],
};

/** Networks that a person had scored, apart from what the search proposed: else as candidates. */
export const extraTable: Table = { ...candidateTable, name: 'extra' };
export const extraDetailTable: Table = { ...detailTable, name: 'extra_detail' };

/** Trained models of candidates, by the digests of their files. */
export const trainedTable: Table = {
  name: 'trained',
  key: 'candidate',
  columns: [
    covered('candidate', id),
    covered('model_digest', text(64)),
    covered('model_name', text(4000)),
    covered('accuracy', real(leastAccuracy, mostAccuracy)),
    covered('metric', text(4 * longestName)),
    covered('data', text(4 * longestName)),
    covered('new_head', whole(1), orNull),
    covered('attached_at', text(100)),
    covered('float32_latency', json(trainedLatencyContent), orNull),
    covered('int8_latency', json(trainedLatencyContent), orNull),
    // Every row has one: none is older than digests.
    column(null)('digest', whole(0, digestLimit - 1), { since: 10 }),
  ],
};

export const markTable: Table = {
  name: 'mark',
  key: 'candidate',
  columns: [
    covered('candidate', id),
    covered('starred', whole(0, 1)),
    covered('note', text(mebibyte)),
    covered('name', text(4 * longestGivenName), { ...orNull, since: 11 }),
    digest('digest'),
  ],
};
