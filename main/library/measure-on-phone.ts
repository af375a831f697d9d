/** Latencies of models, and of networks of runs, on a phone. */
import { z } from 'zod';
import { asKey } from '../asked/called.ts';
import { assertAs } from '../asked/checked.ts';
import { withModel } from '../asked/measured-model.ts';
import { assertOneNetwork, type NetworkOfRun } from '../asked/network-of-run.ts';
import { phoneTargetOf } from '../asked/phone-target.ts';
import { usualInterval } from '../common/measuring.ts';
import {
  defaultPhoneSettings,
  phoneSettingsSchema,
  type PhoneSettings,
} from '../common/phone-settings.ts';
import type { MeasuredOnPhone } from '../measure-model/measure-on-phone.ts';
import type { MeasuringEvent } from '../phone/measurement.ts';
import { inSession } from './session.ts';

export interface PhoneMeasureOptions {
  /** Which phone is used and how, in place of the defaults: the keys of a configuration. */
  readonly phone?: Partial<PhoneSettings>;
  /** Height and width, where the model leaves them open. */
  readonly size?: readonly [number, number];
  /** Half the width of the 95 % interval, in percent of the median; null takes all repeats. */
  readonly intervalPercent?: number | null;
  /** Hears what the phone is doing. */
  readonly onProgress?: (progress: MeasuringEvent) => void;
  readonly signal?: AbortSignal;
}

const phoneSchema = z.strictObject({ phone: phoneSettingsSchema.partial() });

/**
 * The latency of one image on a phone, by the protocol of a search; what `zico measure --latency phone --json` prints.
 * @param model an ONNX file, or a network of a run
 * Rejects with a WorkbenchError.
 */
export function measureOnPhone(
  model: string | NetworkOfRun,
  options: PhoneMeasureOptions = {},
): Promise<MeasuredOnPhone> {
  const { phone = {}, size, intervalPercent, onProgress, signal } = options;
  return inSession(signal, async (workbench, halted) => {
    if (typeof model !== 'string') assertOneNetwork(model, asKey);
    assertAs(phoneSchema, { phone });
    const interval = intervalPercent ?? null;
    const share = intervalPercent === undefined ? usualInterval : interval && interval / 100;
    const target = phoneTargetOf({ ...defaultPhoneSettings, ...phone }, share);
    const progress = onProgress ? { onEvent: onProgress } : {};
    return await withModel(model, workbench, halted, (file) =>
      workbench.measureOnPhone({ model: file, size: size ?? null }, target, progress, halted),
    );
  });
}
