import { inMain } from './in-main.ts';
import type { LaunchedApp } from './launch.ts';

/**
 * Gives the window's content a size in pixels of the display, at a zoom, and waits until it has it and paints.
 * @throws Error where it does not come to that size.
 */
export async function resize(
  { app, page }: Pick<LaunchedApp, 'app' | 'page'>,
  width: number,
  height: number,
  zoom = 1,
): Promise<void> {
  const arrived = (): Promise<boolean> =>
    page.evaluate(
      ([width, zoom]) =>
        new Promise<boolean>((resolve) => {
          if (Math.abs(innerWidth - width / zoom) >= 3) return resolve(false);
          setTimeout(() => resolve(false), 2000);
          requestAnimationFrame(() => resolve(true));
        }),
      [width, zoom] as const,
    );
  // A display without a window manager loses a request now and then. The window then believes that it has
  // its size, asks for it no more and paints nothing: another size first, later a window shown anew.
  for (let tries = 0; tries < 40; tries++) {
    await inMain(
      app,
      ({ BrowserWindow }, { width, height, zoom, tries }) => {
        const window = BrowserWindow.getAllWindows()[0];
        if (tries > 0) window?.setContentSize(width + 8 * (1 + (tries % 3)), height + 8);
        if (tries > 0 && tries % 10 === 0) {
          window?.hide();
          window?.show();
        }
        window?.setContentSize(width, height);
        window?.webContents.setZoomFactor(zoom);
      },
      { width, height, zoom, tries },
    );
    await page.waitForTimeout(100 + 20 * tries);
    if (await arrived()) return;
  }
  throw new Error(`The window did not become ${width} x ${height} at ${zoom}.`);
}
