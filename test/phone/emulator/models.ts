/** What tells the two Galaxy S10 apart: public facts about them, as data. */

export type ModelName = 'SM-G973F' | 'SM-G973U';

/** Cores that are alike and change their frequency together. */
export interface Cluster {
  readonly cores: readonly number[];
  /** As in /proc/cpuinfo: who made the core and which one it is. */
  readonly implementer: string;
  readonly part: string;
  readonly minimumKhz: number;
  readonly maximumKhz: number;
}

export interface Model {
  readonly name: ModelName;
  readonly product: string;
  readonly device: string;
  /** ro.board.platform and ro.hardware. */
  readonly platform: string;
  readonly hardware: string;
  readonly build: string;
  readonly kernel: string;
  /** From the slowest to the fastest. */
  readonly clusters: readonly Cluster[];
  /** Names of thermal zones and how many degrees they are warmer than the battery while at work. */
  readonly zones: readonly (readonly [name: string, aboveBatteryC: number])[];
}

/** Exynos 9820: four Cortex-A55, two Cortex-A75, two of Samsung's M4. */
const exynos: Model = {
  name: 'SM-G973F',
  product: 'beyond1ltexx',
  device: 'beyond1',
  platform: 'exynos9820',
  hardware: 'exynos9820',
  build: 'SP1A.210812.016/G973FXXSGHVK1',
  kernel: '4.14.113',
  clusters: [
    cluster([0, 1, 2, 3], '0x41', '0xd05', 442_000, 1_950_000),
    cluster([4, 5], '0x41', '0xd0a', 507_000, 2_314_000),
    cluster([6, 7], '0x53', '0x003', 520_000, 2_730_000),
  ],
  zones: [
    ['BIG', 15.5],
    ['LITTLE', 8.5],
    ['MID', 11.5],
    ['G3D', 7.5],
    ['battery', 0],
  ],
};

/** Snapdragon 855: four Kryo 485 Silver, three Gold, and one Gold that goes faster. */
const snapdragon: Model = {
  name: 'SM-G973U',
  product: 'beyond1qltesq',
  device: 'beyond1q',
  platform: 'msmnile',
  hardware: 'qcom',
  build: 'SP1A.210812.016/G973USQS7IWD3',
  kernel: '4.14.190',
  clusters: [
    cluster([0, 1, 2, 3], '0x51', '0x805', 300_000, 1_785_600),
    cluster([4, 5, 6], '0x51', '0x804', 710_400, 2_419_200),
    cluster([7], '0x51', '0x804', 825_600, 2_841_600),
  ],
  zones: [
    ['cpu-0-0-usr', 8.5],
    ['cpu-1-0-usr', 12.5],
    ['cpu-1-3-usr', 15.5],
    ['gpuss-0-usr', 7.5],
    ['battery', 0],
  ],
};

export const models: Readonly<Record<ModelName, Model>> = {
  'SM-G973F': exynos,
  'SM-G973U': snapdragon,
};

function cluster(
  cores: readonly number[],
  implementer: string,
  part: string,
  minimumKhz: number,
  maximumKhz: number,
): Cluster {
  return { cores, implementer, part, minimumKhz, maximumKhz };
}
