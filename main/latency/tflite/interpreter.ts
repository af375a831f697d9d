/**
 * TensorFlow Lite through its C interface. It runs inside this process and trusts the file that it is given, so
 * it is for children, and for files that the product wrote. Source: tensorflow/lite/c/c_api.h, 2.9.
 */
import koffi from 'koffi';
import { WorkbenchError } from '../../errors.ts';
import { elements, type Shape } from '../../graph/shape.ts';
import { tfliteLibrary } from './library.ts';

/** XNNPACK leaves int8 alone unless it is told to take it. */
const signedInt8 = 1;
const kinds = { 1: 'float32', 9: 'int8' } as const;

function bind(file: string) {
  const library = koffi.load(file);
  // 2.9's options: 16 bytes, which are returned in registers.
  koffi.struct('XnnpackOptions', { threads: 'int32', flags: 'uint32', cache: 'void *' });
  koffi.struct('QuantizationParams', { scale: 'float', zeroPoint: 'int32' });
  const report = koffi.proto('void TfLiteReport(void *user, const char *format, void *values)');
  const f = (signature: string) => library.func(signature) as (...values: unknown[]) => unknown;
  return {
    report,
    modelCreate: f('void *TfLiteModelCreate(void *data, size_t size)'),
    modelDelete: f('void TfLiteModelDelete(void *model)'),
    optionsCreate: f('void *TfLiteInterpreterOptionsCreate()'),
    optionsDelete: f('void TfLiteInterpreterOptionsDelete(void *options)'),
    setThreads: f('void TfLiteInterpreterOptionsSetNumThreads(void *options, int32 threads)'),
    addDelegate: f('void TfLiteInterpreterOptionsAddDelegate(void *options, void *delegate)'),
    create: f('void *TfLiteInterpreterCreate(void *model, void *options)'),
    deleteInterpreter: f('void TfLiteInterpreterDelete(void *interpreter)'),
    allocate: f('int TfLiteInterpreterAllocateTensors(void *interpreter)'),
    invoke: f('int TfLiteInterpreterInvoke(void *interpreter)'),
    input: f('void *TfLiteInterpreterGetInputTensor(void *interpreter, int32 index)'),
    outputCount: f('int32 TfLiteInterpreterGetOutputTensorCount(void *interpreter)'),
    output: f('void *TfLiteInterpreterGetOutputTensor(void *interpreter, int32 index)'),
    rank: f('int32 TfLiteTensorNumDims(void *tensor)'),
    size: f('int32 TfLiteTensorDim(void *tensor, int32 axis)'),
    type: f('int TfLiteTensorType(void *tensor)'),
    params: f('QuantizationParams TfLiteTensorQuantizationParams(void *tensor)'),
    copyIn: f('int TfLiteTensorCopyFromBuffer(void *tensor, void *data, size_t bytes)'),
    copyOut: f('int TfLiteTensorCopyToBuffer(void *tensor, void *data, size_t bytes)'),
    xnnpackDefault: f('XnnpackOptions TfLiteXNNPackDelegateOptionsDefault()'),
    xnnpackCreate: f('void *TfLiteXNNPackDelegateCreate(XnnpackOptions *options)'),
    xnnpackDelete: f('void TfLiteXNNPackDelegateDelete(void *delegate)'),
  };
}

let bound: ReturnType<typeof bind> | null = null;

export interface TfliteOutput {
  readonly shape: Shape;
  /** Of int8 outputs the numbers that they stand for. */
  readonly data: Float32Array;
}

/** One loaded network. `close` frees it. */
export class TfliteInterpreter {
  readonly #api: ReturnType<typeof bind>;
  readonly #model: unknown;
  readonly #options: unknown;
  readonly #delegate: unknown;
  readonly #interpreter: unknown;
  /** The model is read in place, so its bytes live as long as it. */
  readonly #bytes: Uint8Array;

  /** @throws WorkbenchError `runner-failed` where it does not take the file; `runner-not-built` */
  constructor(file: Uint8Array, threads: number, library = tfliteLibrary()) {
    const api = (bound ??= bind(library));
    this.#api = api;
    this.#bytes = new Uint8Array(file);
    this.#model = api.modelCreate(this.#bytes, this.#bytes.length);
    if (!this.#model) throw refused('it does not take the file');
    this.#options = api.optionsCreate();
    api.setThreads(this.#options, threads);
    const settings = api.xnnpackDefault() as { threads: number; flags: number; cache: unknown };
    this.#delegate = api.xnnpackCreate({ ...settings, threads, flags: signedInt8 });
    api.addDelegate(this.#options, this.#delegate);
    this.#interpreter = api.create(this.#model, this.#options);
    if (!this.#interpreter || api.allocate(this.#interpreter) !== 0) {
      this.close();
      throw refused('an operator cannot be prepared');
    }
  }

  get inputShape(): Shape {
    return this.#shapeOf(this.#api.input(this.#interpreter, 0));
  }

  /** @param image float32, in the network's own order, which is N, H, W, C */
  setInput(image: Float32Array): void {
    const tensor = this.#api.input(this.#interpreter, 0);
    const kind = kinds[this.#api.type(tensor) as keyof typeof kinds];
    let data: Float32Array | Int8Array = image;
    if (kind === 'int8') {
      const { scale, zeroPoint } = this.#paramsOf(tensor);
      data = Int8Array.from(image, (value) =>
        Math.min(127, Math.max(-128, Math.round(value / scale) + zeroPoint)),
      );
    }
    if (this.#api.copyIn(tensor, data, data.byteLength) !== 0) throw refused('its input differs');
  }

  /** Computes once. Blocks. */
  invoke(): void {
    if (this.#api.invoke(this.#interpreter) !== 0) throw refused('an operator failed');
  }

  outputs(): TfliteOutput[] {
    const count = this.#api.outputCount(this.#interpreter) as number;
    return Array.from({ length: count }, (_, i) => {
      const tensor = this.#api.output(this.#interpreter, i);
      const shape = this.#shapeOf(tensor);
      const kind = kinds[this.#api.type(tensor) as keyof typeof kinds];
      const raw =
        kind === 'int8' ? new Int8Array(elements(shape)) : new Float32Array(elements(shape));
      if (this.#api.copyOut(tensor, raw, raw.byteLength) !== 0) throw refused('its output differs');
      if (raw instanceof Float32Array) return { shape, data: raw };
      const { scale, zeroPoint } = this.#paramsOf(tensor);
      return { shape, data: Float32Array.from(raw, (value) => scale * (value - zeroPoint)) };
    });
  }

  close(): void {
    const api = this.#api;
    if (this.#interpreter) api.deleteInterpreter(this.#interpreter);
    api.optionsDelete(this.#options);
    api.modelDelete(this.#model);
    api.xnnpackDelete(this.#delegate);
  }

  #shapeOf(tensor: unknown): Shape {
    const rank = this.#api.rank(tensor) as number;
    return Array.from({ length: rank }, (_, axis) => this.#api.size(tensor, axis) as number);
  }

  #paramsOf(tensor: unknown) {
    return this.#api.params(tensor) as { readonly scale: number; readonly zeroPoint: number };
  }
}

function refused(why: string): WorkbenchError {
  return new WorkbenchError(
    'runner-failed',
    `TensorFlow Lite does not run this network: ${why}.`,
    'Measure it with onnxruntime; if the network is one of the Workbench, please report it.',
  );
}
