/** Types, shapes, names and attributes of a model file in words that fit on a page. */
import onnxProto from 'onnx-proto';
import { plural } from '../../common/figures.ts';

const { onnx } = onnxProto;
const { AttributeType } = onnx.AttributeProto;

/** A name that is longer is cut; whoever needs all of it has the file. */
const longestName = 200;
const longestValue = 600;
/** Numbers of an attribute beyond these are counted. */
const mostNumbers = 64;

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}…` : text;
export const shownName = (name: string): string => cut(name, longestName);
export const shownText = (text: string): string => cut(text, longestValue);

const types: Readonly<Record<string, string>> = { FLOAT: 'float32', DOUBLE: 'float64' };

/** Newer versions of the format have types that this one lacks. */
const typeNames: Readonly<Record<number, string | undefined>> = onnx.TensorProto.DataType;

/** `float32`, `int64`, ... */
export function typeName(dataType: number | null | undefined): string {
  const name = typeNames[dataType ?? 0];
  if (name === undefined) return `type ${dataType}`;
  return types[name] ?? name.toLowerCase();
}

export function shapeText(sizes: readonly (number | string)[]): string {
  const text = sizes.length === 0 ? 'scalar' : sizes.slice(0, 12).join(' x ');
  return cut(sizes.length > 12 ? `${text} x …` : text, longestName);
}

/** As a file states it: numbers, names of open sizes, or a question mark; null where it states nothing. */
export function statedShape(
  type: onnxProto.onnx.ITypeProto | null | undefined,
): readonly (number | string)[] | null {
  const dims = type?.tensorType?.shape?.dim;
  if (!dims) return null;
  return dims.map(({ dimValue, dimParam }) => {
    const size = Number(dimValue ?? 0);
    return size > 0 ? size : dimParam ? cut(dimParam, 40) : '?';
  });
}

export function tensorText({ dataType, dims }: onnxProto.onnx.ITensorProto): string {
  return `${typeName(dataType)} ${shapeText((dims ?? []).map(Number))}`;
}

function listText(values: readonly (number | string)[]): string {
  const shown = values.slice(0, mostNumbers).join(', ');
  const more = values.length - mostNumbers;
  return more > 0 ? `[${shown}, and ${more} more]` : `[${shown}]`;
}

const text = (bytes: Uint8Array | null | undefined): string =>
  new TextDecoder().decode((bytes ?? new Uint8Array()).subarray(0, longestValue));
const real = (value: number): number => Number(value.toPrecision(7));

export function attributeText(attribute: onnxProto.onnx.IAttributeProto): string {
  switch (attribute.type) {
    case AttributeType.INT:
      return String(Number(attribute.i ?? 0));
    case AttributeType.FLOAT:
      return String(real(attribute.f ?? 0));
    case AttributeType.STRING:
      return shownText(text(attribute.s));
    case AttributeType.INTS:
      return listText((attribute.ints ?? []).map(Number));
    case AttributeType.FLOATS:
      return listText((attribute.floats ?? []).map(real));
    case AttributeType.STRINGS:
      return shownText(listText((attribute.strings ?? []).slice(0, mostNumbers).map(text)));
    case AttributeType.TENSOR:
      return attribute.t ? `tensor ${tensorText(attribute.t)}` : 'tensor';
    case AttributeType.GRAPH:
      return `graph of ${plural(attribute.g?.node?.length ?? 0, 'node', 'nodes')}`;
    default:
      return '…';
  }
}
