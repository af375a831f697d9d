/** Spaces of one's own in memory, read by the real interpreter. */
import { presetsFor, variesBy } from '../../main/common/presets.ts';
import { spaceNamed } from '../../main/space/index.ts';
import {
  drawnNetwork,
  factsOf,
  descriptionFaults,
  sampleSize,
  sizesOf,
  spaceOfText,
} from '../../main/space/preview.ts';
import type { MethodArguments, MethodName, MethodResult } from '../../preload/contract.ts';

type SpaceMethod = Extract<
  MethodName,
  | `ownSpaces.${string}`
  | 'spaces.source'
  | 'spaces.check'
  | 'spaces.draw'
  | 'spaces.sizes'
  | 'spaces.score'
  | 'spaces.cancelScore'
>;
type Answers = {
  [M in SpaceMethod]: (...args: MethodArguments<M>) => MethodResult<M>;
};

export class FakeOwnSpaces {
  /** Id -> text. The version of a text is the text. */
  readonly files = new Map<string, string>();
  readonly exported: { name: string; text: string }[] = [];
}

function check(text: string): MethodResult<'spaces.check'> {
  try {
    const space = spaceOfText(text);
    const facts = structuredClone(factsOf(space)) as NonNullable<
      MethodResult<'spaces.check'>['space']
    >;
    return {
      space: {
        ...facts,
        presets: presetsFor({
          ...{ task: space.task, scoringShape: space.scoringShape },
          varies: variesBy(space.depth),
        }),
      },
      sampled: sampleSize(space),
      faults: [],
    };
  } catch (error) {
    return { space: null, sampled: 0, faults: [...descriptionFaults(error)] };
  }
}

export function spaceAnswers({ files, exported }: FakeOwnSpaces): Answers {
  const create = (name: string, text: string): string => {
    let id = name;
    for (let n = 2; files.has(id); n += 1) id = `${name}-${n}`;
    files.set(id, text);
    return id;
  };
  return {
    'spaces.source': ({ name }) => JSON.stringify(spaceNamed(name).description),
    'spaces.check': ({ text }) => check(text),
    'spaces.draw': ({ text, number }) => structuredClone(drawnNetwork(spaceOfText(text), number)),
    'spaces.sizes': ({ text, from, count }) =>
      structuredClone(sizesOf(spaceOfText(text), from, count)),
    'spaces.score': ({ genotype }) => ({
      ...{ genotype, zicoBc: 41.25, beta: 1, capped: true, batches: 4, batchSize: 2, seconds: 0.4 },
      ...{ size: [32, 32] as [number, number], engine: 'onnxruntime 1.0' },
    }),
    'spaces.cancelScore': () => null,
    'ownSpaces.list': () =>
      [...files].map(([id, text]) => {
        const { space, faults } = check(text);
        const path = `/home/somebody/spaces/${id}.json`;
        return { id, name: id, path, changedAt: '', space, fault: faults[0] ?? null, error: null };
      }),
    'ownSpaces.read': ({ id }) => ({ text: files.get(id)!, version: files.get(id)! }),
    'ownSpaces.create': ({ name, text }) => ({ id: create(name, text) }),
    'ownSpaces.write': ({ id, text }) => {
      files.set(id, text);
      return { version: text };
    },
    'ownSpaces.rename': ({ id, name, text }) => {
      files.delete(id);
      files.set(name, text);
      return { id: name };
    },
    'ownSpaces.import': () => [create('imported', JSON.stringify(spaceNamed('ffnet').description))],
    'ownSpaces.export': (file) => {
      exported.push(file);
      return { path: `/home/somebody/${file.name}.json` };
    },
    'ownSpaces.trash': ({ id }) => {
      files.delete(id);
      return null;
    },
  };
}
