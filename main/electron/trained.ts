/**
 * Trained models of a run's candidates. The page names a model by its digest; where its file lies is known here, and
 * only until the window is closed: a run file from elsewhere must not make this computer read files that it names.
 */
import type {
  LookedAtModelView,
  MethodName,
  TrainedModelView as ShownModel,
} from '../../preload/contract.ts';
import type { Stated } from '../common/trained.ts';
import { WorkbenchError } from '../errors.ts';
import type { LookedAtModel as LookedAt } from '../measure-model/trained-model.ts';
import type { CandidateId } from '../run/candidate.ts';
import {
  trainedPrecisions,
  type ModelOfCandidate,
  type TrainedLatency,
  type TrainedModel,
} from '../run/trained-model.ts';
import {
  assertStated,
  attachedModel,
  notAttached,
  trainedOfCandidate,
  withLatency,
} from '../workbench/trained.ts';
import { evaluated } from '../workbench/extra-scores.ts';
import type { Handlers } from './answer.ts';
import { CancellableWork } from './cancellable-work.ts';
import type { ComputeTurn } from './compute-turn.ts';
import { measuredLatencyOf } from './measured-latency.ts';
import type { PhonesAtWork } from './phones/at-work.ts';
import { throughRename, type FollowedRun, type RunFiles } from './run-files.ts';
import type { StoredCandidate } from './reading/look-types.ts';
import type { Runs } from './runs.ts';
import type { Services } from './services.ts';

export interface TrainedOptions {
  readonly services: Pick<Services, 'lookAtTrained' | 'measureTrained'>;
  readonly runs: Pick<
    Runs,
    'candidateOf' | 'candidatesWith' | 'trained' | 'setTrained' | 'removeTrained' | 'againstTruth'
  > & { readonly files: Pick<RunFiles, 'follow'> };
  readonly turn: ComputeTurn;
  /** Is told about phones that measure. */
  readonly atWork: Pick<PhonesAtWork, 'begin' | 'end'>;
  /** Null where the person cancels. */
  readonly chooseFile: (title: string, kind: string, extension: string) => Promise<string | null>;
}

type Methods = Extract<MethodName, `trained.${string}`>;

export class TrainedModels {
  readonly #options: TrainedOptions;
  /** What was looked at: digest -> file. */
  readonly #files = new Map<string, string>();
  /** What the page was told of a candidate: it attaches that and nothing else. */
  readonly #looked = new Map<string, ModelOfCandidate>();
  readonly #work: CancellableWork;

  constructor(options: TrainedOptions) {
    this.#options = options;
    this.#work = new CancellableWork(options.turn);
  }

  handlers(): Pick<Handlers, Methods> {
    const { runs } = this.#options;
    return {
      'trained.list': ({ run }) => runs.files.follow(run, (followed) => this.#list(followed)),
      'trained.order': ({ run, beta }) =>
        runs.files.follow(run, async (followed) => {
          const groups = await throughRename(followed, (of) => runs.againstTruth(of, beta));
          return groups.map((group) => ({
            ...group,
            candidates: [...group.candidates],
            scores: [...group.scores],
          }));
        }),
      'trained.choose': ({ run, id }) =>
        runs.files.follow(run, async (followed) => {
          const file = await this.#chosen(id);
          return file === null ? null : await this.#lookAt(followed, id, file);
        }),
      'trained.dropped': ({ run, id, path }) =>
        runs.files.follow(run, (followed) => this.#lookAt(followed, id, path)),
      'trained.attach': ({ run, id, digest, stated }) =>
        runs.files.follow(run, (followed) => this.#attach(followed, id, digest, stated)),
      'trained.detach': ({ run, id }) =>
        runs.files.follow(run, async (followed) => {
          await throughRename(followed, (of) => runs.removeTrained(of, id as CandidateId));
          return await this.#list(followed);
        }),
      'trained.measure': ({ run, id }) =>
        runs.files.follow(run, (followed) => this.#measure(followed, id)),
      'trained.cancel': async () => {
        this.#work.cancel();
        return null;
      },
    };
  }

  /** Cancels and waits until the child has ended. */
  async close(): Promise<void> {
    await this.#work.close();
  }

  async #list(followed: FollowedRun): Promise<ShownModel[]> {
    return (await this.#trained(followed)).map(shownModel);
  }

  #trained(followed: FollowedRun): Promise<readonly TrainedModel[]> {
    return throughRename(followed, (run) => this.#options.runs.trained(run));
  }

  #chosen(id: number): Promise<string | null> {
    const { chooseFile } = this.#options;
    return chooseFile(`Trained model of candidate ${id}`, 'ONNX models', 'onnx');
  }

  async #lookAt(followed: FollowedRun, id: number, file: string): Promise<LookedAtModelView> {
    const { model } = await this.#ofCandidate(followed, file, await this.#stored(followed, id));
    return { ...model };
  }

  #stored(followed: FollowedRun, id: number): Promise<StoredCandidate> {
    return throughRename(followed, (run) => this.#options.runs.candidateOf(run, id));
  }

  async #ofCandidate(
    followed: FollowedRun,
    file: string,
    { info, candidate }: StoredCandidate,
    signal?: AbortSignal,
  ): Promise<LookedAt> {
    const { runs, services } = this.#options;
    const alike = (macs: number) =>
      throughRename(followed, (run) => runs.candidatesWith(run, macs));
    const looked = await trainedOfCandidate(
      ...([file, { info, candidate: evaluated(candidate), alike }, signal] as const),
      services.lookAtTrained,
    );
    this.#files.set(looked.model.digest, file);
    this.#looked.set(keyOf(followed.run, candidate.id, looked.model.digest), looked.model);
    return looked;
  }

  async #attach(
    followed: FollowedRun,
    id: number,
    digest: string,
    stated: Stated,
  ): Promise<ShownModel[]> {
    assertStated(stated);
    const known = this.#looked.get(keyOf(followed.run, id, digest));
    const before = await this.#attachedTo(followed, id);
    const model = known ?? (before?.digest === digest ? before : null);
    if (model === null) throw notLookedAt();
    const { name, newHead } = model;
    const looked = { model: { digest, name, newHead } };
    await this.#set(followed, attachedModel(looked, id as CandidateId, stated, before));
    return await this.#list(followed);
  }

  #set(followed: FollowedRun, model: TrainedModel): Promise<void> {
    return throughRename(followed, (run) => this.#options.runs.setTrained(run, model));
  }

  async #attachedTo(followed: FollowedRun, id: number): Promise<TrainedModel | null> {
    const models = await this.#trained(followed);
    return models.find(({ candidate }) => candidate === id) ?? null;
  }

  async #measure(followed: FollowedRun, id: number): Promise<ShownModel[] | null> {
    const { services, atWork } = this.#options;
    const attached = await this.#attachedTo(followed, id);
    if (attached === null) throw notAttached(id as CandidateId);
    const file = this.#files.get(attached.digest) ?? (await this.#chosen(id));
    if (file === null) return null;
    // Measuring takes its time, and what was measured belongs to the run whatever it is called by then.
    return await this.#work.run('repeat', async (signal) => {
      const stored = await this.#stored(followed, id);
      const scored = evaluated(stored.candidate);
      const looked = await this.#ofCandidate(followed, file, stored, signal);
      if (looked.model.digest !== attached.digest) throw anotherFile(attached.name);
      for (const precision of trainedPrecisions) {
        const session = atWork.begin(null);
        const latency = await services
          .measureTrained(stored.info, scored, looked.graph, precision, signal, session)
          .finally(() => atWork.end());
        const now = await this.#attachedTo(followed, id);
        await this.#set(followed, withLatency(now, looked, precision, latency));
      }
      return await this.#list(followed);
    });
  }
}

const keyOf = (run: string, id: number, digest: string): string => `${run} ${id} ${digest}`;

function shownModel({ latencies, ...model }: TrainedModel): ShownModel {
  const shown = (latency: TrainedLatency | null) =>
    latency && measuredLatencyOf({ ...latency, runsMs: [] });
  return { ...model, float32: shown(latencies.float32), int8: shown(latencies.int8) };
}

function notLookedAt(): WorkbenchError {
  return new WorkbenchError(
    'not-attached',
    'This model was not looked at since the window was opened.',
    'Drop its file on the candidate again, or choose it.',
  );
}

function anotherFile(name: string): WorkbenchError {
  return new WorkbenchError(
    'other-network',
    `This file is not the one that is attached: ${name} had other bytes.`,
    'Choose the file that was attached, or attach this one in its place.',
  );
}
