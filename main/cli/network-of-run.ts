/** A network that is named by its number in a run, or by its genotype: then scored first where it has to be. */
import type { ExportRequest } from '../export/export-candidate.ts';
import type { CandidateId } from '../run/candidate.ts';
import { badArguments } from './errors.ts';
import type { CliServices } from './services.ts';

export interface NetworkOfRun {
  readonly run: string;
  /** One of the two. */
  readonly candidate?: number | undefined;
  readonly genotype?: string | undefined;
  /** The images' path of a run from elsewhere that the person agrees to. */
  readonly data?: string | undefined;
}

export const dataAgreementHelp =
  'with --genotype: agree that the images of a run from elsewhere are read from this path, which it names';

/** Throws `bad-arguments` unless exactly one network is named. */
export function assertOneNetwork({ candidate, genotype }: Omit<NetworkOfRun, 'run'>): void {
  if ((candidate === undefined) !== (genotype === undefined)) return;
  throw badArguments(
    candidate === undefined
      ? 'No network is named.'
      : 'Two networks are named: one by its number and one by its genotype.',
    'Give either --candidate or --genotype.',
  );
}

/** Writes the files of the network into the folder. Throws what scoring and exporting throw. */
export async function exportOfRun(
  services: CliServices,
  { run, candidate, genotype, data }: NetworkOfRun,
  folder: string,
  signal: AbortSignal,
  options: Pick<ExportRequest, 'formats' | 'onProgress'>,
): Promise<readonly string[]> {
  if (genotype === undefined) {
    return await services.exportCandidate(run, candidate as CandidateId, folder, options);
  }
  const network = await services.scoreNetwork(run, genotype, signal, data ?? null);
  return await services.exportNetwork(run, network, folder, options);
}
