/** Why the other side ends a TLS handshake: OpenSSL (Node) and BoringSSL (Electron) spell it differently. */

/** The alert in lower case, such as `unknown ca`; null where the failure is no alert of the other side. */
export function alertOf({ code = '', message }: NodeJS.ErrnoException): string | null {
  // OpenSSL: ERR_SSL_SSL/TLS_ALERT_X, "...:tlsv1 alert x:...:SSL alert number 48"; BoringSSL: "...:TLSV1_ALERT_X:...".
  const [, alert] =
    /_ALERT_([A-Z_]+)$/.exec(code) ?? /[ _]alert[ _](?!number)([a-z_ ]+)/i.exec(message) ?? [];
  return alert?.toLowerCase().replaceAll('_', ' ').trim() ?? null;
}

/** True where it is about the certificate of this side, or that there is none. */
export function isOfOwnCertificate(alert: string): boolean {
  return /certificate|unknown ca|access denied/.test(alert);
}
