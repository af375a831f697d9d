import { describe, expect, it } from 'vitest';
import type { ChildProcesses } from '../../../main/child/process.ts';
import type { RequestMessage } from '../../../main/child/serve.ts';
import { builtVersion } from '../../../main/engine/onednn/addon.ts';
import type { CheckRequest } from '../../../main/engine/protocol.ts';
import type { ErrorReport } from '../../../main/errors.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { Engines } from '../../../main/workbench/engines.ts';
import { randomBatches } from '../../support/random-batches.ts';

const space = spaceNamed('nats-sss');
const batches = randomBatches({ batchSize: 2 });

/** Engines whose children answer a check with `refusal`, or agree. */
function enginesThat(refusal: ErrorReport | null) {
  const checks: CheckRequest[] = [];
  const processes: ChildProcesses = {
    start() {
      let answer: (message: unknown) => void = () => undefined;
      let exit: () => void = () => undefined;
      return {
        pid: undefined,
        post(message) {
          const { id, payload } = message as RequestMessage;
          checks.push(payload as CheckRequest);
          const reply = refusal ? { id, ok: false, error: refusal } : { id, ok: true, value: null };
          setImmediate(() => answer(reply));
        },
        onMessage: (listener) => (answer = listener),
        onExit: (listener) => (exit = () => listener({ code: null, signal: 'SIGKILL' })),
        kill: () => exit(),
      };
    },
  };
  const limits = { timeoutMs: 1000, memoryBytes: 2 ** 30 };
  return { checks, engines: new Engines({ processes, entry: '', limits, processors: 2 }) };
}

const refusal = {
  code: 'operator-not-native',
  message: '8:8:8:8:8: The onednn engine does not have Softmax (node "a").',
  hint: 'Score this network with the onnxruntime engine.',
};

describe.skipIf(builtVersion() === null)('before a run', () => {
  it('baselines and samples of its space are looked at once, without images', async () => {
    const { engines, checks } = enginesThat(null);
    expect(await engines.choose('auto', space, batches)).toEqual({ name: 'onednn', note: null });
    await engines.choose('onednn', space, batches);
    expect(checks).toHaveLength(1);
    expect(checks[0]!.networks.length).toBeGreaterThan(space.baselines.length);
    expect(checks[0]!.batches).not.toHaveProperty('batches');
  });

  it('onnxruntime takes the whole space where onednn lacks an operator, with the reason', async () => {
    const { engines } = enginesThat(refusal);
    const { name, note } = await engines.choose('auto', space, batches);
    expect(name).toBe('onnxruntime');
    expect(note).toContain('does not have Softmax');
    await expect(engines.choose('onednn', space, batches)).rejects.toMatchObject(refusal);
  });

  it('bf16 is never replaced: onednn has it, or nobody', async () => {
    const { engines, checks } = enginesThat(null);
    expect(await engines.choose('auto', space, batches, 'bf16')).toEqual({
      name: 'onednn',
      note: null,
    });
    expect(checks[0]!.precision).toBe('bf16');
    await engines.choose('auto', space, batches);
    expect(checks[1]!.precision).toBe('float32');
    const wrong = { code: 'precision-unavailable' };
    await expect(engines.choose('onnxruntime', space, batches, 'bf16')).rejects.toMatchObject(
      wrong,
    );
    expect(() => engines.openOne('onnxruntime', 1, 'bf16')).toThrow(
      /onnxruntime scores in float32/,
    );
    const lacking = enginesThat(refusal).engines;
    await expect(lacking.choose('auto', space, batches, 'bf16')).rejects.toMatchObject(refusal);
  });

  it('nothing is looked at where onnxruntime is asked for', async () => {
    const { engines, checks } = enginesThat(refusal);
    expect(await engines.choose('onnxruntime', space, batches)).toMatchObject({
      name: 'onnxruntime',
      note: null,
    });
    expect(checks).toEqual([]);
  });
});
