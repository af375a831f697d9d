import { describe, expect, it } from 'vitest';
import {
  isPiecemeal,
  placementInWords,
  placementWarning,
} from '../../../../main/common/placement.ts';
import {
  benchmarkPlacement,
  ortPlacement,
  tflitePlacement,
} from '../../../../main/phone/runners/placements.ts';

/** As ONNX Runtime logs it. */
const onCpu = ' All nodes placed on [CPUExecutionProvider]. Number of nodes: 34\n';
const divided =
  'NnapiExecutionProvider::GetCapability, number of partitions supported by NNAPI: 17 number of nodes in the graph: 87 number of nodes supported by NNAPI: 53\n' +
  ' Node(s) placed on [NnapiExecutionProvider]. Number of nodes: 17\n' +
  ' Node(s) placed on [CPUExecutionProvider]. Number of nodes: 34\n' +
  '  Resize (up)\n  Clip (a)\n  Clip (b)\n';
const mixed =
  ' Node(s) placed on [XnnpackExecutionProvider]. Number of nodes: 31\n' +
  ' Node(s) placed on [CPUExecutionProvider]. Number of nodes: 1\n  ReduceMean (mean)\n';

describe('where nodes ran', () => {
  it('on ONNX Runtime', () => {
    const cpu = { on: 'cpu', nodes: 34, placed: 34, pieces: 1, elsewhere: [] };
    expect(ortPlacement(onCpu, 'cpu')).toEqual(cpu);
    expect(ortPlacement(divided, 'nnapi')).toEqual({
      ...{ on: 'nnapi', nodes: 87, placed: 53, pieces: 17 },
      elsewhere: [
        { kind: 'Clip', count: 2 },
        { kind: 'Resize', count: 1 },
      ],
    });
    expect(ortPlacement(mixed, 'xnnpack')).toEqual({
      ...{ on: 'xnnpack', nodes: 32, placed: 31, pieces: null },
      elsewhere: [{ kind: 'ReduceMean', count: 1 }],
    });
    expect(ortPlacement('', 'cpu')).toBeNull();
  });

  it('none at all on a provider that took nothing', () => {
    const nothing = ortPlacement(onCpu, 'nnapi')!;
    expect(nothing).toMatchObject({ on: 'nnapi', nodes: 34, placed: 0 });
    expect(isPiecemeal(nothing)).toBe(true);
  });

  it('on TensorFlow Lite, by the names of operators', () => {
    const elsewhere = [
      { code: 25, count: 1 },
      { code: 117, count: 4 },
    ];
    const counted = { on: 'xnnpack', nodes: 60, placed: 55, pieces: 5, elsewhere };
    const placement = tflitePlacement(counted);
    expect(placementInWords(placement)).toBe(
      '55 of 60 nodes on xnnpack, in 5 pieces; elsewhere: HARD_SWISH (4), SOFTMAX',
    );
    expect(placementWarning(placement)).toContain('did not run on xnnpack');
  });

  it('by what benchmark_model says of its delegate', () => {
    const said =
      'VERBOSE: Replacing 64 out of 70 node(s) with delegate (TfLiteGpuDelegateV2) node, yielding 5 partitions for the whole graph.\n' +
      'VERBOSE: Replacing 6 out of 9 node(s) with delegate (TfLiteXNNPackDelegate) node, yielding 4 partitions for the whole graph.\n' +
      'INFO: Explicitly applied GPU delegate, and the model graph will be partially executed by the delegate w/ 3 delegate kernels.\n';
    const gpu = { on: 'gpu', nodes: 70, placed: 64, pieces: 3, elsewhere: [] };
    expect(benchmarkPlacement(said, 'gpu')).toEqual(gpu);
    expect(benchmarkPlacement('INFO: nothing of it', 'gpu')).toBeNull();
  });

  it('with no warning where all of it ran in one place', () => {
    const whole = { on: 'gpu', nodes: 70, placed: 70, pieces: 1, elsewhere: [] };
    expect(placementWarning(whole)).toBeNull();
    expect(placementInWords(whole)).toBe('all 70 nodes on gpu, in 1 piece');
  });
});
