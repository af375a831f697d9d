/**
 * Measurements on the emulated phone, for `coverage.ts`: a real adb server, a real adbd, the product's own runner
 * and networks under qemu, the protocol with its defaults. Only the phone's clock is simulated: the runner's times
 * are multiplied by what a simulated device makes of them meanwhile, and where that runs at a lower clock the
 * frequencies that the phone reports fall with it.
 */
import { GraphBuilder } from '../../main/graph/builder.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { readConditions } from '../../main/phone/conditions.ts';
import { waitingModel, withModelFiles } from '../../main/phone/pool/model-files.ts';
import { openMeasuringSession } from '../../main/phone/protocol/session.ts';
import { defaultMeasuring } from '../../main/phone/protocol/settings.ts';
import { runnersFor } from '../../main/phone/runners/index.ts';
import type { PhoneRunner, RunRequest } from '../../main/phone/runners/runner.ts';
import { startPhone, type Phone } from '../phone/phone.ts';
import { SearchBench } from '../phone/searches.ts';
import { firstNature, paces, SimulatedDevice, type World } from '../support/simulated-device.ts';

/** What of a measurement its interval is judged by. */
export interface TakenLatency {
  readonly latencyMs: number;
  readonly interval: readonly [number, number] | null;
  readonly unsteady: readonly string[];
  readonly repeats: number;
}

/** Simulated time between two passes. */
const apartMs = 90_000;

/** Every pass measures all models once, interleaved as in a search. */
export async function* phonePasses(
  models: number,
  passes: number,
  worlds: readonly World[],
): AsyncGenerator<{ readonly name: World; readonly passes: readonly (readonly TakenLatency[])[] }> {
  const bench = await SearchBench.start();
  const phone = await startPhone({ server: bench.server });
  const phones = bench.workbench.openPhones({ file: null, port: bench.server.port });
  try {
    const device = await phones.device(phone.address);
    for (const world of worlds) {
      const simulated = new SimulatedDevice(world, 'emulated phone', firstNature);
      const [runner] = runnersFor('ort-glibc-cpu');
      const session = await openMeasuringSession(device, {
        runners: [onSimulatedClock(runner!, simulated, phone)],
        settings: { ...defaultMeasuring, referenceEvery: 0 },
        readConditions: (signal, brief) =>
          readConditions(device, { ...(signal && { signal }), ...(brief && { brief }) }),
      });
      const taken: TakenLatency[][] = [];
      for (let pass = 0; pass < passes; pass++) {
        const waiting = Array.from({ length: models }, (_, i) =>
          waitingModel(network(8 + 8 * i), runner!.model),
        );
        const measured = await withModelFiles(waiting, (files) => session.measure(files));
        taken.push(
          measured.map((one): TakenLatency => {
            if (!one.ok) throw new Error(one.failure.message);
            const { medianMs, intervalMs, unsteady, repeats } = one.measurement;
            const counting = repeats.filter(({ discarded }) => discarded === null).length;
            return { latencyMs: medianMs, interval: intervalMs, unsteady, repeats: counting };
          }),
        );
        simulated.wait(apartMs);
      }
      await session.close();
      phone.cool();
      yield { name: world, passes: taken };
    }
  } finally {
    await phones.close();
    await phone.stop();
    await bench.close();
  }
}

/** The runner as it is, on a phone whose clock does what the simulated device's does. */
function onSimulatedClock(
  runner: PhoneRunner,
  simulated: SimulatedDevice,
  phone: Phone,
): PhoneRunner {
  return {
    name: runner.name,
    model: runner.model,
    probe: (device, signal) => runner.probe(device, signal),
    async deploy(device, options) {
      const deployed = await runner.deploy(device, options);
      return {
        load: (model, more) => deployed.load(model, more),
        unload: (model) => deployed.unload(model),
        async run(request: RunRequest) {
          const { warmUp, runs } = request;
          const { runMs, betweenMs } = paces.phone;
          // Another network is measured between two repeats of one.
          simulated.wait(betweenMs / 4);
          const { runsMs, slow } = simulated.repeat({ warmUp, runs, runMs, betweenMs });
          if (slow) phone.slow(1 / 1.2);
          else phone.cool();
          const report = await deployed.run(request);
          const latenciesMs = report.latenciesMs.map((ms, i) => (ms * runsMs[i]!) / runMs);
          return { ...report, latenciesMs };
        },
      };
    },
  };
}

/** Small: under qemu a convolution takes a hundred times as long. */
function network(width: number): Graph {
  const builder = new GraphBuilder();
  const image = builder.image('image', [3, 12, 12]);
  const stem = builder.relu(
    builder.conv('stem', image, { inChannels: 3, outChannels: width, kernel: 3 }),
  );
  const wide = builder.conv('wide', stem, { inChannels: width, outChannels: 16, kernel: 3 });
  return builder.build(`network-${width}`, [wide]);
}
