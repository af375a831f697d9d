import type { Command } from 'commander';
import type { CandidateId } from '../../run/candidate.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { trainedInWords, ofCandidate, type OfCandidate } from './attach.ts';

/** `zico detach`: takes what `zico attach` attached out of the run; the model's file stays. */
export function addDetachCommand(program: Command, environment: CliEnvironment): void {
  ofCandidate(
    program.command('detach').description('take the trained model of a candidate out of its run'),
  )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  zico detach --run runs/a.zico --candidate 17')
    .action(async ({ run, candidate, ...options }: OfCandidate) => {
      const detached = await withServices(environment, async (services) =>
        services.detachTrained(run, candidate as CandidateId),
      );
      print(
        environment,
        options,
        { run, detached },
        () => `candidate ${candidate}: ${trainedInWords(detached)} is no longer attached.`,
      );
    });
}
