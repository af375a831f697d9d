/** The state a phone was in: read before and after whatever is timed, and kept with it. */

/** Null stands for what the phone does not tell. */
export interface PhoneConditions {
  /** When it was read, milliseconds since 1970 on this computer's clock. */
  readonly readAtMs: number;
  /** Percent. */
  readonly batteryLevel: number | null;
  readonly batteryC: number | null;
  /** USB charges the phone while it measures, which warms it: recorded, never a reason to refuse. */
  readonly powered: 'usb' | 'ac' | 'wireless' | 'none' | null;
  /** Android's thermal status: 0 none, 1 light, ... 6 shutdown. */
  readonly thermalStatus: number | null;
  /** `locked`: awake, and behind the lock screen, from where it soon falls asleep. */
  readonly screen: 'awake' | 'locked' | 'asleep' | 'dreaming' | 'dozing' | null;
  readonly zones: readonly { readonly name: string; readonly celsius: number }[];
  /** Current frequency of each core. */
  readonly coreKHz: readonly (number | null)[];
  /** Highest frequency that each core may take at present: throttling lowers it. */
  readonly coreLimitKHz: readonly (number | null)[];
}

/** Cores of equal speed, slowest first; numbers as Linux has them. */
export interface CoreCluster {
  readonly cores: readonly number[];
  readonly maxKHz: number;
  /** Bit n stands for core n. */
  readonly mask: number;
}
