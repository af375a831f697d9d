import { describe, expect, it } from 'vitest';
import { PhonesAtWork } from '../../../main/electron/phones/at-work.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import { ComputeTurn } from '../../../main/electron/compute-turn.ts';
import { RunFiles } from '../../../main/electron/run-files.ts';
import { CandidateRepeats } from '../../../main/electron/repeats.ts';
import type { Candidate, EvaluatedCandidate } from '../../../main/run/candidate.ts';
import type { RunInfo } from '../../../main/run/run-store.ts';
import { pathOfRun } from '../../../main/workbench/stored-networks.ts';
import { tinyCandidate } from './fake-services.ts';

const info = { runId: 'test' } as RunInfo;
const evaluated = tinyCandidate(1) as EvaluatedCandidate;

/** Runs that nobody renames. */
const inRuns: Pick<RunFiles, 'follow' | 'nameOf'> = {
  follow: (run, work) => work({ run, path: `/runs/${run}.zico` }),
  nameOf: (file) => file,
};

function repeats(
  overrides: Partial<ConstructorParameters<typeof CandidateRepeats>[0]['services']> = {},
  candidate: Candidate = evaluated,
  turn = new ComputeTurn(),
  files: Pick<RunFiles, 'follow' | 'nameOf'> = inRuns,
  askForData?: (name: string, data: string) => Promise<boolean>,
): CandidateRepeats {
  return new CandidateRepeats({
    services: {
      scoreAgain: async (_, { score }) => structuredClone(score),
      scoreNetwork: async () => structuredClone(evaluated),
      measureNetwork: async (_, { latency }) => structuredClone(latency!),
      giveZico: async () => ({ info, candidate: structuredClone(evaluated) }),
      measureAgain: async (_, { latency }) => structuredClone(latency!),
      dataToAgreeTo: () => null,
      agreeToData: () => undefined,
      ...overrides,
    },
    ...(askForData && { askForData }),
    runs: {
      candidateOf: async () => ({ info, candidate }),
      infoOf: async () => info,
      files,
    },
    atWork: new PhonesAtWork({
      adb: () => ({ file: null, port: null }),
      changed: () => undefined,
    }),
    turn,
  });
}

/** As a child that is asked to stop. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('Aborted.')));
  });
}

describe('a network that the search did not try', () => {
  it('is scored in the run’s file, when nothing else computes', async () => {
    const asked: unknown[] = [];
    const scoring = repeats({
      scoreNetwork: async (...[place, genotype]) => {
        asked.push([pathOfRun(place), genotype]);
        return structuredClone(evaluated);
      },
    });
    const { zico, bias } = evaluated.score;
    expect(await scoring.scoreNetwork('demo', '8:8:8:8:8')).toMatchObject({ zico, bias });
    expect(asked).toEqual([['/runs/demo.zico', '8:8:8:8:8']]);
    const turn = new ComputeTurn();
    turn.take('search');
    const busy = repeats({}, evaluated, turn);
    await expect(busy.scoreNetwork('demo', '8:8:8:8:8')).rejects.toMatchObject({
      code: 'search-running',
    });
  });

  it('is not scored before the person agreed to the images, nor when it was cancelled', async () => {
    const unagreed = repeats({ dataToAgreeTo: () => '/pictures' });
    await expect(unagreed.scoreNetwork('demo', '8')).rejects.toMatchObject({
      code: 'data-not-agreed',
    });
    const slow = repeats({ scoreNetwork: (...[, , signal]) => untilAborted(signal) });
    const scored = slow.scoreNetwork('demo', '8');
    setTimeout(() => slow.cancel(), 10);
    expect(await scored).toBeNull();
    expect(slow.busy).toBe(false);
  });
});

describe('a run that is renamed meanwhile', () => {
  const files = new RunFiles('/runs');
  const began = files.register('/runs/demo.zico');
  const renamed = (from: string, to: string): string => files.renamed(from, `/runs/${to}.zico`);

  it('gets what was scored and measured, and is asked about, by its new name', async () => {
    const heard: string[] = [];
    let run = began;
    const following = repeats(
      {
        dataToAgreeTo: () => {
          run = renamed(run, 'agreed');
          return '/pictures';
        },
        scoreNetwork: async (...[place]) => {
          run = renamed(run, 'scored');
          heard.push(pathOfRun(place));
          return structuredClone(evaluated);
        },
        measureNetwork: async (place, { latency }) => {
          run = renamed(run, 'measured');
          heard.push(pathOfRun(place));
          return structuredClone(latency!);
        },
        giveZico: async (...[place]) => {
          run = renamed(run, 'given');
          heard.push(pathOfRun(place));
          return { info, candidate: structuredClone(evaluated) };
        },
      },
      evaluated,
      new ComputeTurn(),
      files,
      async (name) => heard.push(name) > 0,
    );
    await following.measureNetwork(run, evaluated.genotype);
    await following.giveZico(run, 1);
    expect(heard).toEqual([
      ...['agreed', '/runs/scored.zico', '/runs/measured.zico'],
      ...['agreed', '/runs/given.zico'],
    ]);
  });
});

describe('a network that is measured', () => {
  it('is scored first, in the same file', async () => {
    const asked: unknown[] = [];
    const measuring = repeats({
      scoreNetwork: async (...[place, genotype]) => {
        asked.push(['score', pathOfRun(place), genotype]);
        return structuredClone(evaluated);
      },
      measureNetwork: async (place, { genotype, latency }) => {
        asked.push(['measure', pathOfRun(place), genotype]);
        return structuredClone(latency!);
      },
    });
    expect(await measuring.measureNetwork('demo', evaluated.genotype)).toMatchObject({
      latencyMs: evaluated.latency!.latencyMs,
      unsteady: [],
    });
    expect(asked).toEqual([
      ['score', '/runs/demo.zico', evaluated.genotype],
      ['measure', '/runs/demo.zico', evaluated.genotype],
    ]);
  });

  it('can be cancelled while it is measured', async () => {
    const slow = repeats({ measureNetwork: (...[, , signal]) => untilAborted(signal) });
    const measured = slow.measureNetwork('demo', '8');
    setTimeout(() => slow.cancel(), 10);
    expect(await measured).toBeNull();
    expect(slow.busy).toBe(false);
  });
});

describe('a candidate whose run ranks by other scores', () => {
  it('is given its ZiCo in the run’s file, and the page hears of it', async () => {
    const asked: unknown[] = [];
    const biases = { deployment: { live: 5, all: 6 }, scoring: { live: 7, all: 8 } };
    const giving = repeats({
      giveZico: async (...[place, id]) => {
        asked.push([pathOfRun(place), id]);
        return { info, candidate: { ...evaluated, score: { ...evaluated.score, biases } } };
      },
    });
    const { zico, zicoCapped, bias } = evaluated.score;
    expect(await giving.giveZico('demo', 3)).toEqual({
      ...{ zico, zicoCapped, bias },
      biases: { deployment_live: 5, deployment_all: 6, scoring_live: 7, scoring_all: 8 },
    });
    expect(asked).toEqual([['/runs/demo.zico', 3]]);
    expect(giving.busy).toBe(false);
  });

  it('is not while anything else computes, nor with images that nobody agreed to', async () => {
    const turn = new ComputeTurn();
    turn.take('benchmark');
    await expect(repeats({}, evaluated, turn).giveZico('demo', 1)).rejects.toMatchObject({
      code: 'benchmark-running',
    });
    const unagreed = repeats({ dataToAgreeTo: () => '/pictures' });
    await expect(unagreed.giveZico('demo', 1)).rejects.toMatchObject({ code: 'data-not-agreed' });
    const slow = repeats({ giveZico: (...[, , signal]) => untilAborted(signal) });
    const given = slow.giveZico('demo', 1);
    setTimeout(() => slow.cancel(), 10);
    expect(await given).toBeNull();
  });
});

describe('a candidate that is scored again', () => {
  it('is the same where every bit came out again', async () => {
    const { score } = evaluated;
    expect(await repeats().score('run', 1)).toMatchObject({
      ...{ zico: score.zico, same: true, differing: [], engine: score.engine },
    });
  });

  it('names the layers that differ', async () => {
    const different = repeats({
      scoreAgain: async (_, { score }) => ({
        ...score,
        layers: score.layers.map((layer) => ({ ...layer, sum: layer.sum + 1e-12 })),
      }),
    });
    expect(await different.score('run', 1)).toMatchObject({ same: false, differing: ['stem'] });
  });

  it('is refused where it has no score, or something else computes', async () => {
    await expect(repeats({}, tinyCandidate(2, true)).score('run', 2)).rejects.toMatchObject({
      code: 'candidate-failed',
    });
    const turn = new ComputeTurn();
    turn.take('search');
    await expect(repeats({}, evaluated, turn).score('run', 1)).rejects.toMatchObject({
      code: 'search-running',
    });
  });

  it('can be cancelled, and nothing else starts meanwhile', async () => {
    const slow = repeats({ scoreAgain: (_info, _candidate, signal) => untilAborted(signal) });
    const first = slow.score('run', 1);
    expect(slow.busy).toBe(true);
    await expect(slow.measure('run', 1)).rejects.toMatchObject({
      code: 'candidate-being-repeated',
    });
    await new Promise((resolve) => setImmediate(resolve));
    slow.cancel();
    expect(await first).toBeNull();
    expect(slow.busy).toBe(false);
  });

  it('tells what went wrong, and is free again', async () => {
    const broken = repeats({
      scoreAgain: () => Promise.reject(new WorkbenchError('engine-missing', 'Gone.', 'Build it.')),
    });
    await expect(broken.score('run', 1)).rejects.toMatchObject({ code: 'engine-missing' });
    expect(broken.busy).toBe(false);
  });
});

describe('a candidate that is measured again', () => {
  it('says whether the conditions are those of the stored latency', async () => {
    expect(await repeats().measure('run', 1)).toMatchObject({ sameConditions: true });
    const elsewhere = repeats({
      measureAgain: async (_, { latency }) => ({
        ...latency!,
        conditions: { ...latency!.conditions, device: 'Another processor' },
      }),
    });
    expect(await elsewhere.measure('run', 1)).toMatchObject({ sameConditions: false });
  });
});
