import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../../main/engine/engine.ts';
import type { InstructionSet } from '../../../main/engine/instructions.ts';
import {
  engineForResume,
  identityOf,
  type EnginesHere,
  type ScoringPlan,
} from '../../../main/engine/scoring-plan.ts';

const versions: Readonly<Record<EngineName, string | null>> = {
  onednn: '2.6.3+k2',
  onnxruntime: '1.30.0',
};

/** Winograd's kernels have a revision of their own. */
const having = (known: typeof versions, instructions: InstructionSet = 'avx2'): EnginesHere => ({
  versionOf: (name, precision) =>
    precision === 'float32-winograd' ? `${known[name]}.w1` : known[name],
  instructions: () => instructions,
});
const here = having(versions);
const native: ScoringPlan = {
  engine: 'onednn',
  version: '2.6.3+k2',
  instructions: 'avx2',
  workers: 4,
  threads: 1,
  note: null,
};
const portable: ScoringPlan = {
  ...{ engine: 'onnxruntime', version: '1.30.0' },
  ...{ workers: 4, threads: 1, note: null },
};

const refusal = (code: string, said: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(said) as unknown }) as unknown;

describe('a run goes on', () => {
  it('with its engine, and with the threads that its scores depend on', () => {
    expect(engineForResume(native, 'auto', here)).toEqual({
      name: 'onednn',
      threads: 1,
      precision: 'float32',
      ...{ instructions: 'avx2', warning: null },
    });
    expect(engineForResume(native, 'onednn', here)).toEqual({
      name: 'onednn',
      threads: 1,
      precision: 'float32',
      ...{ instructions: 'avx2', warning: null },
    });
    expect(engineForResume(portable, 'auto', here)).toEqual({
      name: 'onnxruntime',
      threads: null,
      precision: 'float32',
      ...{ instructions: null, warning: null },
    });
  });

  it('with onnxruntime where it is older than the choice, whatever there is by now', () => {
    expect(engineForResume(null, 'auto', here)).toEqual({
      name: 'onnxruntime',
      threads: null,
      precision: 'float32',
      ...{ instructions: null, warning: null },
    });
  });

  it('with either rule of detection, and with none that is not known here', () => {
    const named = (version: string) => engineForResume({ ...portable, version }, 'auto', here).name;
    expect(named('1.30.0.d2')).toBe('onnxruntime');
    expect(() => named('1.30.0.d3')).toThrow(refusal('engine-missing', /1\.30\.0\.d3/));
    expect(() => named('1.29.0.d2')).toThrow(refusal('engine-missing', /1\.29\.0\.d2/));
  });

  it('with threads still to be found where it was stopped before they were', () => {
    const early = { ...native, workers: null, threads: null };
    expect(engineForResume(early, 'auto', here).threads).toBeNull();
  });

  it('with no other engine than its own', () => {
    expect(() => engineForResume(native, 'onnxruntime', here)).toThrow(
      refusal('engine-contradicts', /scored by onednn; scores of onnxruntime/),
    );
    expect(() => engineForResume(null, 'onednn', here)).toThrow(
      refusal('engine-contradicts', /scored by onnxruntime/),
    );
  });

  it('in its precision, and in no other', () => {
    const rounded: ScoringPlan = { ...native, precision: 'bf16' };
    expect(engineForResume(rounded, 'auto', here).precision).toBe('bf16');
    expect(engineForResume(rounded, 'auto', here, 'bf16').precision).toBe('bf16');
    expect(() => engineForResume(rounded, 'auto', here, 'float32')).toThrow(
      refusal('engine-contradicts', /scored in bf16; scores in float32/),
    );
    expect(() => engineForResume(native, 'auto', here, 'bf16')).toThrow(
      refusal('engine-contradicts', /scored in float32; scores in bf16/),
    );
    expect(identityOf(rounded)).toMatchObject({ name: 'onednn', precision: 'bf16' });
    expect(identityOf(native)).not.toHaveProperty('precision');
  });

  it('with the instructions that it names, and with no others', () => {
    expect(() => engineForResume(native, 'auto', having(versions, 'avx512'))).toThrow(
      refusal('other-instructions', /with avx2 instructions; here it takes avx512/),
    );
    expect(identityOf(native)).toMatchObject({ instructions: 'avx2' });
  });

  it('anywhere where it names none, as runs of version 0.1, with a warning', () => {
    const { instructions, ...unnamed } = native;
    for (const there of ['avx512', 'avx2', instructions ?? 'scalar'] as const) {
      const goingOn = engineForResume(unnamed, 'auto', having(versions, there));
      expect(goingOn).toMatchObject({ threads: 1, precision: 'float32', instructions: null });
      expect(goingOn.warning).toContain('last digits may differ');
    }
  });

  it('with the kernels of its precision', () => {
    const plan: ScoringPlan = { ...native, precision: 'float32-winograd' };
    expect(() => engineForResume(plan, 'auto', here)).toThrow(
      refusal('engine-missing', /onednn 2\.6\.3\+k2; this is onednn 2\.6\.3\+k2\.w1/),
    );
    const own = { ...plan, version: '2.6.3+k2.w1' };
    expect(engineForResume(own, 'auto', here).precision).toBe('float32-winograd');
    expect(() => engineForResume(own, 'auto', here, 'float32')).toThrow(
      refusal('engine-contradicts', /scored in float32-winograd; scores in float32/),
    );
  });

  it('nowhere without its engine, in its version', () => {
    expect(() => engineForResume(native, 'auto', having({ ...versions, onednn: null }))).toThrow(
      refusal('engine-missing', /onednn 2\.6\.3\+k2; onednn is not there/),
    );
    // Stored before kernels had a revision: computed by others.
    expect(() => engineForResume({ ...native, version: '2.6.3' }, 'auto', here)).toThrow(
      refusal('engine-missing', /onednn 2\.6\.3; this is onednn 2\.6\.3\+k2/),
    );
    expect(() =>
      engineForResume(portable, 'auto', having({ ...versions, onnxruntime: '2.0.0' })),
    ).toThrow(refusal('engine-missing', /onnxruntime 1\.30\.0; this is onnxruntime 2\.0\.0/));
  });
});
