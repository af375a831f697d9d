/** Whether a phone is fit to be measured on, and why not. Pure. */
import type { PhoneConditions } from '../../common/phone-conditions.ts';
import type { GateSettings } from '../../latency/phone-measurement.ts';
import type { GateReason } from '../measurement.ts';

export const defaultGates: GateSettings = {
  maxBatteryC: 35,
  minBatteryLevel: 15,
  maxThermalStatus: 0,
  screenOn: true,
  limitMs: 600_000,
  everyMs: 2_000,
};

export interface ClosedGate {
  readonly reason: GateReason;
  readonly message: string;
}

/** The first reason to wait; null where there is none. What the phone does not tell is not a reason. */
export function closedGate(now: PhoneConditions, settings: GateSettings): ClosedGate | null {
  const { batteryLevel, batteryC, thermalStatus, screen } = now;
  if (batteryLevel !== null && batteryLevel < settings.minBatteryLevel) {
    return {
      reason: 'battery-low',
      message: `The battery is at ${batteryLevel} %, below ${settings.minBatteryLevel} %.`,
    };
  }
  if (settings.screenOn && (screen === 'asleep' || screen === 'dozing')) {
    return { reason: 'asleep', message: 'The phone is asleep.' };
  }
  if (settings.screenOn && screen === 'locked') {
    return { reason: 'locked', message: 'The phone is locked.' };
  }
  if (batteryC !== null && batteryC > settings.maxBatteryC) {
    return {
      reason: 'hot',
      message: `The battery is ${batteryC.toFixed(1)} °C, above ${settings.maxBatteryC} °C.`,
    };
  }
  if (thermalStatus !== null && thermalStatus > settings.maxThermalStatus) {
    return {
      reason: 'throttled',
      message: `Android's thermal status is ${thermalStatus}, above ${settings.maxThermalStatus}.`,
    };
  }
  return null;
}

/** What a person can do about it. */
export const gateHints: Readonly<Record<GateReason, string>> = {
  'battery-low': 'Charge the phone; a port that supplies more power helps.',
  asleep:
    'Wake the phone and unlock it; "Stay awake" in its developer options keeps it awake while it charges.',
  locked: 'Unlock the phone; without a screen lock it stays unlocked.',
  hot: 'Let the phone cool, out of its case and out of the sun, or raise the limit.',
  throttled: 'Let the phone cool until Android lifts its limits.',
};
