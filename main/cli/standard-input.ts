/** A model piped in by another program: `export-it | zico score -`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { badArguments } from '../asked/bad-arguments.ts';
import { WorkbenchError } from '../errors.ts';
import type { CliEnvironment } from './environment.ts';

/** How the command line names standard input. */
const standardInput = '-';
/** How reports and errors name it. */
const inWords = 'standard input';
/** The largest possible ONNX file. */
const mostBytes = 2 ** 31;

/**
 * Passes a model file to `use`: the one named, or a temporary file with the piped data, which is removed afterwards.
 * Throws `bad-arguments` if nothing is piped in, and what `use` throws, with the file named as standard input.
 */
export async function withModelFile<T extends { readonly model: string }>(
  model: string,
  environment: Pick<CliEnvironment, 'stdin' | 'interrupted'>,
  use: (file: string) => Promise<T>,
): Promise<T> {
  if (model !== standardInput) return await use(model);
  const content = await readAll(environment.stdin(), environment.interrupted);
  const folder = await mkdtemp(path.join(tmpdir(), 'zico-stdin-'));
  const file = path.join(folder, 'model.onnx');
  try {
    await writeFile(file, content);
    return { ...(await use(file)), model: inWords };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    const { code, message, hint, option } = error;
    const said = message.replaceAll(file, inWords);
    throw new WorkbenchError(code, said, hint, { cause: error, option });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readAll(input: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const reading = (async () => {
    for await (const part of input) {
      parts.push(part);
      bytes += part.length;
      if (bytes > mostBytes) {
        throw badArguments(
          'Standard input is larger than any ONNX file can be.',
          'Name the file instead.',
        );
      }
    }
  })();
  let abort = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    await Promise.race([reading, interrupted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
  if (bytes > 0) return Buffer.concat(parts);
  throw badArguments(
    'Nothing was received on standard input.',
    'Send a model: zico score - < model.onnx',
  );
}
