/** Files of configurations of searches, in JSON or YAML. */
import path from 'node:path';
import { dump } from 'js-yaml';
import { readInputFile } from '../files.ts';
import { WorkbenchError } from '../errors.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Called } from './called.ts';
import {
  askedKeys,
  configurationVersion,
  configurationFaults,
  type SearchAsked,
} from './configuration.ts';
import {
  DocumentError,
  lineOf,
  readDocument,
  type DocumentPlace,
  type ReadDocument,
} from './read-document.ts';
import { isSpaceFile } from './space-asked.ts';
import { withoutAbsent } from './without-absent.ts';

export interface ConfigurationFile {
  readonly asked: SearchAsked;
  /** Names a key with the line that it is on. */
  readonly called: Called;
}

const endings: Readonly<Record<string, 'json' | 'yaml'>> = {
  ...{ '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' },
};

/**
 * Reads a configuration. Paths in it are relative to its folder.
 * Throws WorkbenchError: `configuration-invalid` naming every line at fault, and what reading a file throws.
 */
export async function readConfiguration(file: string): Promise<ConfigurationFile> {
  const document = await readAnyConfiguration(file);
  return checkedConfiguration(file, document.value, document.place);
}

/** The document itself, before it is known to be a configuration. Throws as `readConfiguration`. */
export async function readAnyConfiguration(file: string): Promise<ReadDocument> {
  const format = endings[path.extname(file).toLowerCase()];
  if (format === undefined) {
    throw configurationInvalid(`${file} is neither a .json nor a .yaml file.`);
  }
  const text = new TextDecoder().decode(await readInputFile(file));
  return parsed(file, text, format);
}

/** Checks a part of a document as a configuration. Throws `configuration-invalid`. */
export function checkedConfiguration(
  file: string,
  value: unknown,
  place: DocumentPlace,
): ConfigurationFile {
  const at = (keys: readonly PropertyKey[]): string => `${file}:${lineOf(place, keys)}`;
  if (!isMapping(value)) {
    throw configurationInvalid(
      `${at([])} holds no settings: it has to be a mapping of keys to values.`,
    );
  }
  const faults = configurationFaults(value);
  if (faults.length > 0) {
    const named = faults.map(({ path: keys, message }) => `${at(keys)}: ${message}`);
    throw configurationInvalid(named.join(' '));
  }
  return {
    asked: fromFolder(value, path.dirname(path.resolve(file))),
    called: (name) => `${name} (${at([name])})`,
  };
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(file: string, text: string, format: 'json' | 'yaml'): ReadDocument {
  try {
    return readDocument(text, format);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const where = error.line === null ? file : `${file}:${error.line}`;
    throw configurationInvalid(
      `${where}: this is not ${format.toUpperCase()}: ${error.message}.`,
      error,
    );
  }
}

export function configurationInvalid(message: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'configuration-invalid',
    message,
    '"zico search --print-config" prints every key with its value.',
    { cause },
  );
}

function fromFolder(asked: SearchAsked, folder: string): SearchAsked {
  const { space, data, run } = asked;
  return {
    ...asked,
    ...(space !== undefined && isSpaceFile(space) && { space: path.resolve(folder, space) }),
    ...(typeof data === 'string' && { data: path.resolve(folder, data) }),
    ...(run !== undefined && { run: path.resolve(folder, run) }),
  };
}

/**
 * Every setting of a search as the text of a configuration.
 * @param space as it was named: a name, or the path of a file
 */
export function printedConfiguration(
  settings: SearchSettings,
  space: string,
  beside: Partial<SearchAsked>,
  format: 'json' | 'yaml',
): string {
  const whole = {
    version: configurationVersion,
    ...Object.fromEntries(askedKeys.map((key) => [key, settings[key]])),
    space: isSpaceFile(space) ? path.resolve(space) : space,
    ...beside,
  };
  // Only what was asked for beside the settings becomes a key of the file.
  const printed = withoutAbsent(whole);
  return format === 'json'
    ? `${JSON.stringify(printed, null, 2)}\n`
    : dump(printed, { lineWidth: -1 });
}
