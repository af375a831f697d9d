/**
 * Entry of the child that reads files that a person brought: run files and models. Whatever they contain, the
 * window keeps responding, and a child that needs too much time or memory is ended.
 */
import { serve } from '../../child/serve.ts';
import { readInputFile } from '../../files.ts';
import { fileOutputs } from '../../graph/onnx/file-outputs.ts';
import { summarise } from '../../graph/summary.ts';
import { readForMeasuring } from '../../measure-model/measure-model.ts';
import { DrawnModel } from '../../score-model/drawn/drawn-model.ts';
import { readModelFile } from '../../score-model/model-file.ts';
import { builtInSpaces } from '../../space/index.ts';
import { renameRun } from '../../store/rename-run.ts';
import { lookThroughRun, openRunForWriting, openRunReadOnly } from '../../store/run-file.ts';
import { judgeFronts } from './front-truth.ts';
import { RunSpaces } from '../run-spaces.ts';
import { lookAt, type LookContext } from './looks.ts';
import { lookAtTrained } from '../../measure-model/trained-model.ts';
import { copyWithoutNotes } from './run-copy.ts';
import type {
  CopyMessage,
  DetachMessage,
  DrawnMessage,
  DrawnNodeMessage,
  JudgeMessage,
  LookMessage,
  MarkMessage,
  MeasuredMessage,
  ModelMessage,
  OutputsMessage,
  RenameMessage,
  TagsMessage,
  ThroughMessage,
  TrainedFileMessage,
  TrainedMessage,
} from './protocol.ts';

const context: LookContext = {
  spaces: new RunSpaces({
    get spaces() {
      return builtInSpaces();
    },
  }),
  summarise,
};

function noting(file: string, write: (notes: ReturnType<typeof openRunForWriting>) => void): void {
  const notes = openRunForWriting(file);
  try {
    write(notes);
  } finally {
    notes.close();
  }
}

/** The model that somebody looks at: nodes of it are asked for one after the other. */
let drawn: { readonly file: string; readonly model: DrawnModel } | null = null;

async function drawnFrom(file: string): Promise<DrawnModel> {
  if (drawn?.file === file && drawn.model.current) return drawn.model;
  // Not in memory together with what takes its place.
  drawn = null;
  drawn = { file, model: await DrawnModel.read(file) };
  return drawn.model;
}

serve({
  async look({ name, file, request }: LookMessage) {
    const reader = openRunReadOnly(file);
    try {
      return await lookAt(name, context, reader, request as never);
    } finally {
      reader.close();
    }
  },
  through: ({ file }: ThroughMessage) => lookThroughRun(file),
  mark: ({ file, mark }: MarkMessage) => noting(file, (notes) => notes.setMark(mark)),
  tags: ({ file, tags }: TagsMessage) => noting(file, (notes) => notes.setTags(tags)),
  copy: ({ file, target }: CopyMessage) => copyWithoutNotes(file, target),
  attach: ({ file, model }: TrainedMessage) => noting(file, (notes) => notes.setTrained(model)),
  detach: ({ file, id }: DetachMessage) => noting(file, (notes) => notes.removeTrained(id)),
  trained: ({ request }: TrainedFileMessage) => lookAtTrained(request),
  model: ({ file, options }: ModelMessage) => readModelFile(file, options),
  measured: ({ request }: MeasuredMessage) => readForMeasuring(request),
  drawn: async ({ file }: DrawnMessage) => (await drawnFrom(file)).graph,
  drawnNode: async ({ file, box }: DrawnNodeMessage) => (await drawnFrom(file)).node(box),
  letDrawnGo: () => void (drawn = null),
  rename: ({ file, to }: RenameMessage) => renameRun(file, to),
  judge: ({ space, fronts, assetsFolder }: JudgeMessage) =>
    judgeFronts(space, fronts, assetsFolder),
  outputs: async ({ file }: OutputsMessage) => fileOutputs(await readInputFile(file), file),
});
