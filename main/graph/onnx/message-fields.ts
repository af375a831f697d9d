/**
 * Fields of the format that are younger than the library that decodes files: the bytes of a message are walked through
 * for them alone (https://protobuf.dev/programming-guides/encoding).
 */

interface Field {
  readonly number: number;
  /** The content of a field with a length; empty where it has none. */
  readonly content: Uint8Array;
}

/** Text of a field; what is no UTF-8 in it becomes replacement characters. */
export const utf8Of = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What a message has in the fields of a number. Damaged bytes end the walk. */
export const contents = (message: Uint8Array, wanted: number): readonly Uint8Array[] =>
  fieldsOf(message).flatMap(({ number, content }) => (number === wanted ? [content] : []));

function fieldsOf(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const start = at;
    const wire = tag % 8;
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = varint();
      const from = at;
      at += length;
      if (!(at <= message.length)) break;
      fields.push({ number, content: message.subarray(from, at) });
    } else break;
    if (!(at > start)) break;
  }
  return fields;
}
