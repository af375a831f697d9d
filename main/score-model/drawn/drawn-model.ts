/** A model file that somebody looks at: its graph at once, a node closely when it is asked for. */
import { statSync } from 'node:fs';
import path from 'node:path';
import onnxProto from 'onnx-proto';
import type { ModelGraph, ModelNode, ModelValue, TensorFacts } from '../../common/model-graph.ts';
import { tooLargeFrom, WorkbenchError, type ErrorReport } from '../../errors.ts';
import { readInputFile } from '../../files.ts';
import { decodeModel } from '../../graph/onnx/decode.ts';
import { readTensor, type IModelProto } from '../../graph/onnx/tensor.ts';
import { externalDataBeside } from '../model-file.ts';
import { assertDrawable, numbersOf, outlineOf, type Outline, type ShapeOf } from './outline.ts';
import { refusalOf, shapesOf } from './scorable.ts';
import { tensorFacts } from './tensor-facts.ts';
import {
  attributeText,
  shapeText,
  shownName,
  shownText,
  statedShape,
  tensorText,
  typeName,
} from './words.ts';

const { DataType, DataLocation } = onnxProto.onnx.TensorProto;
type ITensorProto = onnxProto.onnx.ITensorProto;

/** The product's own default domain has no name in files. */
const defaultDomain = 'ai.onnx';

export class DrawnModel {
  readonly #file: string;
  readonly #stamp: string;
  readonly #outline: Outline;
  readonly #shapeOf: ShapeOf;
  /** Without the name under which a window asks for it. */
  readonly graph: Omit<ModelGraph, 'model'>;

  private constructor(source: {
    readonly file: string;
    readonly stamp: string;
    readonly model: IModelProto;
    readonly refusal: WorkbenchError | null;
    readonly shapeOf: ShapeOf;
  }) {
    const { file, stamp, model, refusal, shapeOf } = source;
    const network = model.graph!;
    this.#file = file;
    this.#stamp = stamp;
    this.#shapeOf = shapeOf;
    this.#outline = outlineOf(network, shapeOf);
    const { boxOf, boxes, tensors } = this.#outline;
    this.graph = {
      file: path.basename(file),
      name: shownName(network.name ?? ''),
      producer: shownName([model.producerName, model.producerVersion].filter(Boolean).join(' ')),
      opsets: (model.opsetImport ?? []).map(
        ({ domain, version }) => `${shownName(domain || defaultDomain)} ${Number(version ?? 0)}`,
      ),
      parameters: [...tensors.values()].reduce((sum, tensor) => sum + numbersOf(tensor), 0),
      boxes: [...boxes],
      refusal: refusal && {
        report: shownReport(refusal),
        box: refusal.node === null ? null : boxOf(refusal.node),
      },
    };
  }

  /** Throws `not-onnx`, `graph-too-large`, and what reading a file throws. */
  static async read(file: string): Promise<DrawnModel> {
    const stamp = stampOf(file);
    const bytes = await readInputFile(file);
    const label = path.basename(file);
    const model = decodeModel(bytes, label);
    assertDrawable(model.graph!, label);
    const refusal = await refusalOf(bytes, label, externalDataBeside(file));
    const shapeOf = shapesOf(bytes, label, externalDataBeside(file));
    return new DrawnModel({ file, stamp, model, refusal, shapeOf });
  }

  /** Whether the file is still the one that was read. */
  get current(): boolean {
    return stampOf(this.#file) === this.#stamp;
  }

  /** Throws `unknown-box`. */
  node(box: number): ModelNode {
    const source = this.#outline.sources[box];
    if (!source) {
      throw new WorkbenchError('unknown-box', 'The model has no such node.', 'Open it again.');
    }
    const nothing = { box, domain: '', attributes: [], documentation: '' };
    if (source.kind !== 'operator') {
      const value = this.#value(source.value.name ?? '');
      const documentation = shownText(source.value.docString ?? '');
      const ends =
        source.kind === 'input'
          ? { inputs: [], outputs: [value] }
          : { inputs: [value], outputs: [] };
      return { ...nothing, documentation, ...ends };
    }
    const { domain, attribute, input, output, docString } = source.node;
    return {
      ...nothing,
      domain: shownName(domain || defaultDomain),
      attributes: (attribute ?? []).map((one) => ({
        name: shownName(one.name ?? ''),
        value: attributeText(one),
      })),
      inputs: (input ?? []).filter((name) => name !== '').map((name) => this.#value(name)),
      outputs: (output ?? []).filter((name) => name !== '').map((name) => this.#value(name)),
      documentation: shownText(docString ?? ''),
    };
  }

  #value(name: string): ModelValue {
    const value = { name: shownName(name), facts: null, unread: null };
    const tensor = this.#outline.tensors.get(name);
    if (tensor) return { ...value, shape: tensorText(tensor), ...this.#factsOf(tensor) };
    const type = this.#outline.stated.get(name)?.type;
    const sizes = statedShape(type) ?? this.#shapeOf(name);
    const known = type?.tensorType ? `${typeName(type.tensorType.elemType)} ` : '';
    return { ...value, shape: sizes ? `${known}${shapeText(sizes)}` : known.trim() };
  }

  #factsOf(tensor: ITensorProto): Pick<ModelValue, 'facts' | 'unread'> {
    try {
      return { facts: factsOf(tensor, this.#file), unread: null };
    } catch (error) {
      const known = error instanceof WorkbenchError ? error : tooLargeFrom(error);
      if (!known) throw error;
      return { facts: null, unread: known.message };
    }
  }
}

/** Names of nodes are part of messages, and may have any length. */
function shownReport(refusal: WorkbenchError): ErrorReport {
  const { code, message, hint } = refusal.toReport();
  return { code, message: shownText(message), hint: shownText(hint) };
}

function factsOf(tensor: ITensorProto, file: string): TensorFacts | null {
  const bytes = inBytes(tensor);
  if (bytes) return tensorFacts(bytes);
  const { type, data, integers } = readTensor(
    tensor,
    path.basename(file),
    externalDataBeside(file),
  );
  const values = type === 'float32' ? data : integers;
  return values.length === 0 ? null : tensorFacts(values);
}

/** Of quantised tensors; null of others, and where they lie in another file. */
function inBytes(tensor: ITensorProto): ArrayLike<number> | null {
  const { dataType, rawData, int32Data } = tensor;
  const signed = dataType === DataType.INT8;
  if (!signed && dataType !== DataType.UINT8) return null;
  if (tensor.dataLocation === DataLocation.EXTERNAL) return null;
  if (!rawData?.length) return int32Data ?? [];
  const { buffer, byteOffset, length } = rawData;
  return signed
    ? new Int8Array(buffer, byteOffset, length)
    : new Uint8Array(buffer, byteOffset, length);
}

function stampOf(file: string): string {
  try {
    const { size, mtimeMs, ino } = statSync(file);
    return `${size} ${mtimeMs} ${ino}`;
  } catch {
    return '';
  }
}
