/**
 * What a worker has to know about a run before it can score networks by their genotypes alone: the space, the settings
 * that decide scores, and the batches. It is sent once, by its digest, and checked before it is believed.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { budgetSettings } from '../common/settings/budget.ts';
import {
  defaultSearchSettings,
  storedSettingsSchema,
  type SearchSettings,
} from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { spaceOfRun } from '../space/index.ts';
import type { BatchSet } from '../task/batches.ts';
import { limits } from './keys.ts';

export interface FarmWork {
  readonly space: DescribedSpace;
  readonly settings: SearchSettings;
  readonly batches: BatchSet;
}

const magic = 'ZICOFARM1';
const side = z.number().int().min(1).max(100_000);
const bytes = z.number().int().min(0).max(limits.work);

type KeysOf<Union> = Union extends unknown ? keyof Union : never;
/** The properties of batches that are sent beside their numbers. */
type Carried = Exclude<KeysOf<BatchSet>, 'batches' | 'warnings' | 'notes'>;

const headerSchema = z.strictObject({
  space: z.looseObject({}),
  settings: storedSettingsSchema,
  set: z.strictObject({
    // The compiler reports a key of batches that is missing here.
    task: z.enum(['classification', 'segmentation', 'detection']),
    batchSize: z.number().int().min(1).max(65_536),
    inputShape: z.tuple([side, side, side]),
    classes: z.number().int().min(1).max(1_000_000),
    description: z.string().max(100_000),
    maskShape: z.tuple([side, side]).optional(),
    sharedAnchor: z.enum(['first', 'last']).optional(),
    severalSizes: z.literal(true).optional(),
  } satisfies Record<Carried, z.ZodType>),
  /** For each batch: bytes of its images, and of its targets, one number or one for each image. */
  parts: z
    .array(z.strictObject({ inputs: bytes, targets: z.array(bytes).max(200_000) }))
    .min(1)
    .max(1024),
});

/**
 * Settings as far as they decide scores and measurements: no path, no command, no budget, so that the same run is the
 * same work in every session.
 */
export function decisiveSettings(settings: SearchSettings): SearchSettings {
  const { phone } = settings;
  const free = Object.fromEntries(budgetKeys.map((key) => [key, defaultSearchSettings[key]]));
  return {
    ...settings,
    ...free,
    data: null,
    phone: phone && { ...phone, serials: null, tflite: null, command: null },
  };
}

/** The seed is among them, but decides weights. */
const budgetKeys = (Object.keys(budgetSettings) as (keyof typeof budgetSettings)[]).filter(
  (key) => key !== 'seed',
);

export function packWork({ space, settings, batches }: FarmWork): Buffer {
  const { batches: list, warnings, notes, ...set } = batches;
  void [warnings, notes];
  const body: Buffer[] = [];
  const put = (array: ArrayBufferView): number => {
    body.push(Buffer.from(array.buffer, array.byteOffset, array.byteLength));
    return array.byteLength;
  };
  const parts = list.map(({ inputs, targets }) => {
    const inputBytes = put(inputs);
    // For each image its boxes, then their classes; other targets are one array.
    const targetBytes =
      'length' in targets && !ArrayBuffer.isView(targets)
        ? targets.flatMap(({ boxes, classes }) => [put(boxes), put(classes)])
        : [put(targets)];
    return { inputs: inputBytes, targets: targetBytes };
  });
  const header = { space: space.description, settings: decisiveSettings(settings), set, parts };
  const text = Buffer.from(JSON.stringify(header));
  const head = Buffer.alloc(magic.length + 4);
  head.write(magic, 'latin1');
  head.writeUInt32LE(text.length, magic.length);
  const packed = Buffer.concat([head, text, ...body]);
  if (packed.length <= limits.work) return packed;
  throw new WorkbenchError(
    'farm-images-too-large',
    `The images of this run take ${Math.round(packed.length / 2 ** 20)} MiB; a farm passes on ${limits.work / 2 ** 20} at most.`,
    'Use fewer or smaller batches, or search on one computer.',
  );
}

export function farmDigest(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const length = Buffer.alloc(8);
    length.writeDoubleLE(Buffer.byteLength(part));
    hash.update(length).update(part);
  }
  return hash.digest('hex').slice(0, 40);
}

/** Throws WorkbenchError `farm-foreign-data` if it was not made by `packWork`, or does not match its digest. */
export function unpackWork(packed: Buffer, digest: string): FarmWork {
  if (farmDigest(packed) !== digest) throw foreign('its digest does not agree');
  const start = magic.length + 4;
  if (packed.length < start || packed.toString('latin1', 0, magic.length) !== magic) {
    throw foreign('it does not begin like such data');
  }
  const bodyAt = start + packed.readUInt32LE(magic.length);
  if (bodyAt > packed.length) throw foreign('it is cut off');
  let header: z.infer<typeof headerSchema>;
  try {
    header = headerSchema.parse(JSON.parse(packed.toString('utf8', start, bodyAt)));
  } catch (error) {
    throw foreign('its description cannot be read', error);
  }
  const { set, parts, settings } = header;
  const space = spaceOfRun({ space: header.space, settings });
  let at = bodyAt;
  const take = (length: number): ArrayBuffer => {
    if (at + length > packed.length) throw foreign('it is cut off');
    const copy = new Uint8Array(length);
    copy.set(packed.subarray(at, at + length));
    at += length;
    return copy.buffer;
  };
  const images = set.batchSize * set.inputShape.reduce((a, b) => a * b);
  const [, height, width] = set.inputShape;
  const expect = (found: number, expected: number): void => {
    if (found !== expected) throw foreign('sizes of its images and targets do not agree');
  };
  const batches = parts.map((part) => {
    expect(part.inputs, images * 4);
    const inputs = new Float32Array(take(part.inputs));
    if (set.task === 'detection') {
      expect(part.targets.length, 2 * set.batchSize);
      const targets = Array.from({ length: set.batchSize }, (_, i) => {
        const [boxes = 0, classes = 0] = part.targets.slice(2 * i, 2 * i + 2);
        if (classes % 4 !== 0) throw foreign('sizes of its images and targets do not agree');
        expect(boxes, classes * 4);
        return {
          boxes: new Float32Array(take(boxes)),
          classes: classesIn(take(classes), set.classes),
        };
      });
      return { inputs, targets };
    }
    expect(part.targets.length, 1);
    const [length = 0] = part.targets;
    if (set.task === 'segmentation') {
      const [maskHeight, maskWidth] = set.maskShape ?? [height, width];
      expect(length, set.batchSize * maskHeight * maskWidth);
      return { inputs, targets: new Uint8Array(take(length)) };
    }
    expect(length, set.batchSize * 4);
    return { inputs, targets: classesIn(take(length), set.classes) };
  });
  expect(at, packed.length);
  return { space, settings, batches: { ...set, batches } as unknown as BatchSet };
}

function classesIn(buffer: ArrayBuffer, classes: number): Int32Array {
  const targets = new Int32Array(buffer);
  if (targets.every((target) => target >= 0 && target < classes)) return targets;
  throw foreign('it names classes that do not exist');
}

export function foreign(why: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'farm-foreign-data',
    `What the farm holds as images and settings of a run is something else: ${why}.`,
    'Somebody else may write into this Redis, or the versions differ. Give the farm a database of its own.',
    { cause },
  );
}
