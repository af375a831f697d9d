/** Handlers of the contract's methods about the farm. */
import type { Handlers } from '../answer.ts';
import type { FarmLink } from './farm-link.ts';

export interface FarmHandlerOptions {
  readonly farm: Pick<FarmLink, 'view' | 'connect' | 'useCa' | 'forget' | 'drain' | 'places'>;
  readonly desktop: {
    chooseFile(title: string, kind: string, extension: string): Promise<string | null>;
  };
}

type FarmMethods = Extract<keyof Handlers, `farm.${string}`>;

export function farmHandlers({ farm, desktop }: FarmHandlerOptions): Pick<Handlers, FarmMethods> {
  return {
    'farm.view': async ({ watched }) => farm.view(watched),
    'farm.connect': async ({ url, insecure, password }) => {
      await farm.connect(url, insecure, password);
      return null;
    },
    'farm.chooseCa': async () => {
      const file = await desktop.chooseFile('Choose a certificate authority', 'PEM', 'pem');
      if (file === null) return false;
      await farm.useCa(file);
      return true;
    },
    'farm.forgetCa': async () => {
      await farm.useCa(null);
      return null;
    },
    'farm.forget': async () => {
      await farm.forget();
      return null;
    },
    'farm.drain': async ({ worker, drain }) => {
      await farm.drain(worker, drain);
      return null;
    },
    'farm.places': (wish) => farm.places(wish),
  };
}
