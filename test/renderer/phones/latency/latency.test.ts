import { describe, expect, it } from 'vitest';
import {
  repeatRow,
  runnerWords,
  runPlaces,
  runScale,
  unsteadyWords,
} from '../../../../renderer/phones/latency/latency.ts';
import { conditionsWith, measurementWith, repeatWith } from '../../../support/phone-measurement.ts';

describe("a phone's measurement in words", () => {
  it('names runner, engine, version, provider and precision', () => {
    expect(runnerWords(measurementWith())).toBe(
      'ort-android-cpu: onnxruntime 1.29.0 on CPU, float32',
    );
  });

  it('says what kept it from becoming steady', () => {
    expect(unsteadyWords(measurementWith())).toBeNull();
    expect(unsteadyWords({ unsteady: ['frequency-fell', 'medians-drift'] })).toBe(
      'It never became steady (a core became slower meanwhile, repeats were more than 5 % apart); every run is counted anyway.',
    );
  });

  it('tells of each repeat how the phone was before and after', () => {
    const [first, second] = measurementWith().repeats.map((repeat) => repeatRow(repeat, [6, 7]));
    expect(first).toEqual({
      ...{ medianMs: 79.4, runs: 5, battery: '31.2 to 31.9', cores: '2.73', thermal: '0' },
      ...{ state: 'charging, USB, screen on', discarded: null },
    });
    expect(second).toMatchObject({
      ...{ battery: '31.2 to 35.4', cores: '2.73 to 2.31', thermal: '0 to 1' },
      state: 'charging, USB to unplugged, screen on',
      discarded: 'Android reported heat',
    });
  });

  it('looks from outside where the runner saw no frequencies, and says what nobody knows', () => {
    const repeat = repeatWith({ coreKHzBefore: [], coreKHzAfter: [] });
    expect(repeatRow(repeat, [0]).cores).toBe('1.95');
    const none = conditionsWith({ batteryC: null, coreKHz: [], powered: null, screen: null });
    expect(repeatRow({ ...repeat, before: none, after: none }, [0])).toMatchObject({
      ...{ battery: '–', cores: '–', state: '' },
    });
  });

  it('draws all repeats on one scale, and counts the runs beyond it', () => {
    const repeats = [
      { latenciesMs: [10, 11, 12, ...Array<number>(37).fill(11)] },
      { latenciesMs: [90] },
    ];
    const scale = runScale(repeats);
    expect(scale.low).toBe(10);
    expect(scale.high).toBeLessThan(13);
    expect(runPlaces(repeats[1]!, scale)).toEqual({ places: [], slower: 1 });
    const { places, slower } = runPlaces(repeats[0]!, scale);
    expect([slower + places.length, Math.min(...places)]).toEqual([40, 0]);
    expect(Math.max(...places)).toBeLessThanOrEqual(1);
  });
});
