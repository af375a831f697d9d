/** How one model is measured on a phone, by the settings with which a search would. */
import type { PhoneSettings } from '../common/phone-settings.ts';
import type { PhoneTarget } from '../measure-model/measure-on-phone.ts';
import { measuringSettings } from '../phone/run-settings.ts';
import { badArguments } from './bad-arguments.ts';

/**
 * @param interval half the width of the 95 % interval over the median; null takes all repeats
 * Throws `bad-arguments` where several phones are named: one measures a model.
 */
export function phoneTargetOf(phone: PhoneSettings, interval: number | null): PhoneTarget {
  const { serials, runner, tflite, command } = phone;
  if (serials !== null && serials.length > 1) {
    throw badArguments(
      `Several phones are named: ${serials.join(', ')}.`,
      'Name one: a model is measured on one phone.',
    );
  }
  return {
    serial: serials?.[0] ?? null,
    runner,
    runnerSettings: { ...(tflite && { tflite }), ...(command && { command }) },
    // With a single model, reference measurements could show no drift between models.
    settings: { ...measuringSettings(phone, interval), referenceEvery: 0 },
  };
}
