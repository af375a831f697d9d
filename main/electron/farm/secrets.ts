/** Seals passwords with what the system keeps for this user, and refuses where that is plain text. */
import { safeStorage } from 'electron';
import type { ErrorReport } from '../../errors.ts';

export interface Secrets {
  /** Why nothing can be kept here; null where it can. */
  obstacle(): ErrorReport | null;
  /** In base64. */
  seal(text: string): string;
  /** Throws where it was sealed by somebody else. */
  open(sealed: string): string;
}

/** Of the running app, once it is ready. */
export const systemSecrets: Secrets = {
  obstacle() {
    const plain =
      process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
    if (safeStorage.isEncryptionAvailable() && !plain) return null;
    return {
      code: 'farm-password-unsafe',
      message:
        'This computer has no keyring, so that a password could only be kept as plain text: it is not kept.',
      hint: 'Set up GNOME Keyring or KWallet and start the app again, or start it with ZICO_FARM_PASSWORD in its environment.',
    };
  },
  seal: (text) => safeStorage.encryptString(text).toString('base64'),
  open: (sealed) => safeStorage.decryptString(Buffer.from(sealed, 'base64')),
};
