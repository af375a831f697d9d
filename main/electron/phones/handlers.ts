/** The methods of the contract that concern phones. */
import type { Handlers } from '../answer.ts';
import type { PreferenceFile } from '../preferences.ts';
import type { PhoneWatch } from './watch.ts';

export interface PhoneHandlerOptions {
  readonly phones: Pick<PhoneWatch, 'view' | 'reopen' | 'check' | 'stopCheck'>;
  readonly preferences: Pick<PreferenceFile, 'current' | 'change'>;
  readonly desktop: {
    /** Null when the person cancels. */
    chooseFile(title: string, kind: string, extension: string): Promise<string | null>;
  };
}

type PhoneMethod = Extract<keyof Handlers, `phones.${string}`>;

export function phoneHandlers({
  phones,
  preferences,
  desktop,
}: PhoneHandlerOptions): Pick<Handlers, PhoneMethod> {
  return {
    'phones.view': async ({ watched }) => phones.view(watched),
    'phones.check': async ({ serial }) => {
      phones.check(serial);
      return null;
    },
    'phones.stopCheck': async ({ serial }) => {
      phones.stopCheck(serial);
      return null;
    },
    'phones.chooseAdb': async () => {
      const file = await desktop.chooseFile('Choose the adb program', 'Programs', '*');
      if (file === null) return false;
      preferences.change({ adbFile: file });
      await phones.reopen();
      return true;
    },
    'phones.forgetAdb': async () => {
      preferences.change({ adbFile: null });
      await phones.reopen();
      return null;
    },
    'phones.configure': async ({ port, preferred }) => {
      if (preferred !== undefined) preferences.change({ preferredPhone: preferred });
      if (port !== undefined && port !== preferences.current.adbPort) {
        preferences.change({ adbPort: port });
        await phones.reopen();
      }
      return null;
    },
  };
}
