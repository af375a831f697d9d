/** Handlers for a person's own models: which files, how they are scored and measured, the table as a file. */
import type { MethodName } from '../../preload/contract.ts';
import { writeFileAtomically } from '../atomic-write.ts';
import type { Handlers } from './answer.ts';
import type { Conversions } from './conversions.ts';
import type { Models } from './models.ts';

/** What these handlers need from the system. */
export interface ModelDesktop {
  /** Empty when the person cancels. */
  chooseFiles(title: string, kind: string, extension: string): Promise<readonly string[]>;
  /** Null when the person cancels. */
  chooseFolder(title: string, buttonLabel: string): Promise<string | null>;
  /** Null when the person cancels. */
  chooseFile(title: string, kind: string, extension: string): Promise<string | null>;
  /** Null when the person cancels. */
  chooseNewFile(
    title: string,
    suggested: string,
    kind: string,
    extension: string,
  ): Promise<string | null>;
}

export interface ModelHandlerOptions {
  readonly models: Models;
  readonly conversions: Pick<Conversions, 'run' | 'cancel'>;
  readonly modelDesktop: ModelDesktop;
  /** Throws where a page names images that nobody chose. */
  readonly allowData: (data: string | null) => Promise<void>;
}

type ModelMethod = Extract<MethodName, `models.${string}`>;

const arrayTitles = { inputs: 'Images as an array', targets: 'Targets as an array' } as const;

export function modelHandlers({
  models,
  conversions,
  modelDesktop,
  allowData,
}: ModelHandlerOptions): Pick<Handlers, ModelMethod> {
  return {
    'models.list': async () => models.list(),
    'models.choose': async () => {
      const files = await modelDesktop.chooseFiles('Score models', 'ONNX models', 'onnx');
      if (files.length > 0) models.add(files);
      return files.length > 0;
    },
    'models.dropped': async ({ paths }) => {
      models.add(paths);
      return null;
    },
    'models.configure': async ({ settings }) => {
      await allowData(settings.data);
      models.configure(settings);
      return null;
    },
    'models.convert': async ({ id, conversion }) => {
      const title = 'Convert the model into a folder';
      const folder = await modelDesktop.chooseFolder(title, 'Convert Here');
      return folder === null ? null : await conversions.run(id, folder, conversion);
    },
    'models.cancelConverting': async () => {
      conversions.cancel();
      return null;
    },
    'models.chooseArray': async ({ which }) => {
      const file = await modelDesktop.chooseFile(arrayTitles[which], 'NumPy arrays', 'npy');
      if (file === null) return false;
      models.useArray(which, file);
      return true;
    },
    'models.chooseOutputs': async ({ id, outputs }) => {
      models.chooseOutputs(id, outputs);
      return null;
    },
    'models.measure': async ({ id }) => {
      models.measure(id);
      return null;
    },
    'models.saveTable': async ({ beta, capped }) => {
      const file = await modelDesktop.chooseNewFile(
        ...(['Save the table', 'models.csv', 'CSV', 'csv'] as const),
      );
      if (file === null) return false;
      await writeFileAtomically(file, Buffer.from(models.csv(beta, capped)));
      return true;
    },
    'models.retry': async ({ id }) => {
      models.retry(id);
      return null;
    },
    'models.remove': async ({ id }) => {
      models.remove(id);
      return null;
    },
    'models.cancel': async () => {
      models.cancel();
      return null;
    },
  };
}
