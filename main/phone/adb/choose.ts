/** Which of the connected phones is meant. Pure. */
import { WorkbenchError } from '../../errors.ts';
import { obstacle, type PhoneListing } from './listing.ts';

/**
 * @param serial the one that was asked for; undefined takes the only one
 * @throws WorkbenchError `phone-none`, `phone-not-seen`, `phone-several`, and why a phone cannot be worked
 *   with: `phone-unauthorized`, `phone-offline`, `phone-no-permission`
 */
export function choosePhone(
  phones: readonly PhoneListing[],
  serial: string | undefined,
): PhoneListing {
  const chosen = serial === undefined ? theOnlyOne(phones) : named(phones, serial);
  const reason = obstacle(chosen);
  if (reason !== null) throw reason;
  return chosen;
}

function named(phones: readonly PhoneListing[], serial: string): PhoneListing {
  const found = phones.find((phone) => phone.serial === serial);
  if (found !== undefined) return found;
  throw new WorkbenchError(
    'phone-not-seen',
    `There is no phone ${serial}.`,
    phones.length === 0
      ? 'No phone is plugged in. Plug it in with USB debugging on.'
      : `Plugged in: ${phones.map((phone) => phone.serial).join(', ')}.`,
  );
}

function theOnlyOne(phones: readonly PhoneListing[]): PhoneListing {
  const ready = phones.filter(({ state }) => state === 'ready');
  const [first, ...others] = ready.length > 0 ? ready : phones;
  if (first === undefined) {
    throw new WorkbenchError(
      'phone-none',
      'No phone is plugged in.',
      'Connect the phone by USB and turn USB debugging on: Settings > About phone > Software information, tap "Build number" seven times; then Settings > Developer options > USB debugging.',
    );
  }
  if (others.length === 0 || ready.length === 0) return first;
  throw new WorkbenchError(
    'phone-several',
    `${ready.length} phones are plugged in: ${ready.map(({ serial: one }) => one).join(', ')}.`,
    `Say which one, such as phone:${first.serial}.`,
  );
}
