/** A network given by its number in a run, or by its genotype, in which case it is scored first if necessary. */
import type { ExportChoices } from '../workbench/stored-networks.ts';
import type { CandidateId } from '../run/candidate.ts';
import { badArguments } from './bad-arguments.ts';
import type { Called } from './called.ts';
import type { AskedServices } from './services.ts';

export interface NetworkOfRun {
  readonly run: string;
  /** Exactly one of `candidate` and `genotype` has to be given. */
  readonly candidate?: number | undefined;
  readonly genotype?: string | undefined;
  /** For a run made elsewhere: the path from which the person allows its images to be read. */
  readonly data?: string | undefined;
}

/** Throws `bad-arguments` unless exactly one network is named. */
export function assertOneNetwork(
  { candidate, genotype }: Omit<NetworkOfRun, 'run'>,
  called: Called,
): void {
  if ((candidate === undefined) !== (genotype === undefined)) return;
  throw badArguments(
    candidate === undefined
      ? 'No network is named.'
      : 'Two networks are named: one by its number and one by its genotype.',
    `Give either ${called('candidate')} or ${called('genotype')}.`,
  );
}

/** Writes the files of the network into the folder. Throws what scoring and exporting throw. */
export async function exportOfRun(
  services: Pick<AskedServices, 'exportCandidate' | 'exportNetwork' | 'scoreNetwork'>,
  { run, candidate, genotype, data }: NetworkOfRun,
  folder: string,
  signal: AbortSignal,
  options: Omit<ExportChoices, 'agreedData'>,
): Promise<readonly string[]> {
  const agreeing = { ...options, agreedData: data ?? null };
  if (genotype === undefined) {
    return await services.exportCandidate(run, candidate as CandidateId, folder, agreeing);
  }
  const network = await services.scoreNetwork(run, genotype, signal, data ?? null);
  return await services.exportNetwork(run, network, folder, agreeing);
}
