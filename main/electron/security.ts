/**
 * What no page of this app may do, whatever it was made to do: navigate away, open windows, ask for
 * permissions, load remote content.
 */
import { shell, type App, type Session, type WebContents } from 'electron';
import { isOurPage, pageUrl, scheme } from './page.ts';

/** A page may only ask to copy an error's details; it may not read the clipboard. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Schemes that remain inside the app: its page, what the page itself created, and the developer tools. */
const localSchemes: ReadonlySet<string> = new Set([`${scheme}:`, 'data:', 'blob:', 'devtools:']);

/**
 * For every page, whatever its options say. Root (in a container, on a test machine) has to start Chromium with
 * --no-sandbox, and Electron does not start if it is told both.
 */
export function sandboxPages(app: Pick<App, 'commandLine' | 'enableSandbox'>): void {
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
}

/** Applies to every page that this app ever creates, even one that nobody meant to create. */
export function confinePages(app: App): void {
  app.on('web-contents-created', (_event, contents) => confine(contents));
}

function confine(contents: WebContents): void {
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && withoutFragment(details.url) === pageUrl) return; // a reload
    details.preventDefault();
    if (details.isMainFrame) openExternally(details.url);
  });
  contents.on('will-redirect', (details) => details.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openExternally(url);
    return { action: 'deny' };
  });
}

export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    const asked = details.requestingUrl;
    const ours = isOurPage(contents.getURL()) && isOurPage(asked);
    callback(ours && details.isMainFrame && allowedPermissions.has(permission));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin) =>
      allowedPermissions.has(permission) && isOurPage(`${requestingOrigin}/`),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, callback) =>
    callback({ cancel: !localSchemes.has(new URL(details.url).protocol) }),
  );
  session.on('will-download', (event) => event.preventDefault());
}

/** Links open in the person's browser, and only https ones: other schemes start other programs. */
function openExternally(url: string): void {
  if (URL.canParse(url) && new URL(url).protocol === 'https:') void shell.openExternal(url);
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}
