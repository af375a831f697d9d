/** First contact: the first runner that passes the self-test on this phone, and why the others did not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reportOf, WorkbenchError, type ErrorReport } from '../../errors.ts';
import type { Device } from '../device.ts';
import type { RunnerIdentity } from '../../common/phones.ts';
import type { PhoneRunner, ProvenRunner, RunnerReport } from './runner.ts';
import { selfTest } from './self-test.ts';

export interface ChooseOptions {
  /** Cores to run the self-test on. */
  readonly mask: number;
  readonly limitMs: number;
  /** Is told which runner is being tried. */
  readonly onTry?: ((name: string) => void) | undefined;
  readonly onPush?: ((share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @throws WorkbenchError all reasons, under the code that they share or else under `no-runner`; `phone-gone`,
 * `phone-timeout` where the phone itself is lost, which says nothing about its runners
 */
export async function chooseRunner(
  device: Device,
  runners: readonly PhoneRunner[],
  options: ChooseOptions,
): Promise<ProvenRunner> {
  const refused: { readonly name: string; readonly failure: ErrorReport }[] = [];
  for (const runner of runners) {
    options.onTry?.(runner.name);
    try {
      const { deployed, report, proof } = await prove(device, runner, options);
      const { model } = runner;
      return { deployed, model, identity: identityOf(runner, report, proof, refused) };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof WorkbenchError) || isOfPhone(error)) throw error;
      refused.push({ name: runner.name, failure: reportOf(error) });
    }
  }
  const reasons = refused.map(({ name, failure }) => `${name}: ${failure.message}`);
  const [code = 'no-runner', ...others] = new Set(refused.map(({ failure }) => failure.code));
  throw new WorkbenchError(
    others.length > 0 ? 'no-runner' : code,
    `No runner works on ${device.serial}. ${reasons.join(' ')}`.trim(),
    others.length === 0 && refused.length > 0
      ? refused[0]!.failure.hint
      : 'Mend the first of these causes that you can.',
  );
}

/** The phone is at fault or gone, and not the runner or model. Full storage, however, concerns the model. */
export function isOfPhone({ code }: Pick<WorkbenchError, 'code'>): boolean {
  return code.startsWith('phone-') && code !== 'phone-storage-full';
}

async function prove(device: Device, runner: PhoneRunner, options: ChooseOptions) {
  const { mask, limitMs, onPush, signal } = options;
  const wait = signal ? { signal } : {};
  await runner.probe(device, signal);
  const deployed = await runner.deploy(device, { onPush, ...wait });
  const { bytes, sha256, sum, tolerance } = selfTest(runner.model);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-self-test-'));
  const model = { path: path.join(folder, `self-test.${runner.model.format}`), sha256 };
  try {
    writeFileSync(model.path, bytes);
    await deployed.load(model, wait);
    const report = await deployed.run({
      model,
      warmUp: 0,
      runs: 2,
      threads: 1,
      mask,
      limitMs,
      signal,
    });
    return { deployed, report, proof: proofOf(report, sum, tolerance) };
  } finally {
    rmSync(folder, { recursive: true });
    await deployed.unload(model);
  }
}

/** Throws `self-test-failed`. */
function proofOf(
  { outputSums }: RunnerReport,
  sum: number,
  tolerance: number,
): RunnerIdentity['proof'] {
  if (outputSums === null) return 'ran';
  const [printed = NaN] = outputSums;
  if (Math.abs(printed - sum) <= tolerance * Math.abs(sum)) return 'output-sum';
  throw new WorkbenchError(
    'self-test-failed',
    `The self-test's outputs add up to ${printed}, not to ${sum.toPrecision(6)}: this runner computes wrongly on this phone.`,
    'Use another runner.',
  );
}

function identityOf(
  { name }: PhoneRunner,
  { engine, version, provider, precision }: RunnerReport,
  proof: RunnerIdentity['proof'],
  refused: RunnerIdentity['refused'],
): RunnerIdentity {
  return { name, engine, version, precision, provider, proof, refused };
}
