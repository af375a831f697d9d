/** Models that are looked at as graphs. The page names one by a number; where its file lies is known here. */
import path from 'node:path';
import type { MethodName, ModelGraph } from '../../preload/contract.ts';
import { WorkbenchError } from '../errors.ts';
import type { Handlers } from './answer.ts';
import type { Models } from './models.ts';
import type { Services } from './services.ts';

export interface ModelGraphsOptions {
  readonly services: Pick<Services, 'drawing'>;
  readonly models: Pick<Models, 'add' | 'pathOf'>;
  /** Null where the person cancels. */
  readonly chooseFile: (title: string, kind: string, extension: string) => Promise<string | null>;
}

export class ModelGraphs {
  readonly #options: ModelGraphsOptions;
  /** Number -> file: a script in the page cannot name any other. */
  readonly #files = new Map<string, string>();
  #last: string | null = null;
  #reading: AbortController | null = null;

  constructor(options: ModelGraphsOptions) {
    this.#options = options;
  }

  handlers(): Pick<Handlers, Extract<MethodName, `graphs.${string}`>> {
    const { services, models, chooseFile } = this.#options;
    return {
      'graphs.choose': async () => {
        const file = await chooseFile('Look at a model', 'ONNX models', 'onnx');
        return file === null ? null : await this.#draw(file);
      },
      'graphs.ofModel': ({ id }) => this.#draw(models.pathOf(id)),
      'graphs.last': async () => (this.#last === null ? null : await this.#draw(this.#last)),
      'graphs.dropped': ({ path: file }) => this.#draw(path.resolve(file)),
      'graphs.node': async ({ model, box }) =>
        await services.drawing.drawnNode(this.#fileOf(model), box),
      'graphs.score': async ({ model }) => {
        models.add([this.#fileOf(model)]);
        return null;
      },
      'graphs.stop': async () => {
        this.#reading?.abort();
        return null;
      },
      'graphs.close': async () => {
        this.#reading?.abort();
        await services.drawing.letDrawnGo();
        return null;
      },
    };
  }

  async #draw(file: string): Promise<ModelGraph> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    try {
      const graph = await this.#options.services.drawing.drawnModel(file, reading.signal);
      this.#last = file;
      return { ...graph, model: this.#numberOf(file) };
    } finally {
      if (this.#reading === reading) this.#reading = null;
    }
  }

  #numberOf(file: string): string {
    for (const [model, known] of this.#files) if (known === file) return model;
    const model = String(this.#files.size + 1);
    this.#files.set(model, file);
    return model;
  }

  #fileOf(model: string): string {
    const file = this.#files.get(model);
    if (file !== undefined) return file;
    throw new WorkbenchError('unknown-model', 'There is no such model.', 'Open it again.');
  }
}
