/** How long a candidate takes from the run file into the page: both ends note the time, by the same clock. */
import type { ElectronApplication, Page } from 'playwright-core';

export interface Arrivals {
  /** One for each candidate that was seen so far, in the order stored: milliseconds from its commit to the page. */
  delaysMs(): Promise<number[]>;
}

/**
 * Watches the run that is started next. The main side notes when SQLite has committed a candidate, before
 * anything else of the app can hear of it; the page, when the tab of all candidates counts it, in the frame
 * that shows so.
 *
 * @param libsql the module that the app keeps runs with, as a file: the app and this share one copy of it
 */
export async function watchArrivals(
  app: ElectronApplication,
  page: Page,
  libsql: string,
): Promise<Arrivals> {
  await app.evaluate((_electron, file) => {
    interface Statement {
      run(values: unknown): unknown;
    }
    interface Database {
      prepare(sql: string): Statement;
      exec(sql: string): unknown;
    }
    const { createRequire } = process.getBuiltinModule('node:module');
    const { prototype } = createRequire(file)(file) as { prototype: Database };
    const { prepare, exec } = prototype;
    const storedAt: number[] = [];
    let pending = false;
    prototype.prepare = function (this: Database, sql: string) {
      const statement = prepare.call(this, sql);
      if (!sql.startsWith('INSERT INTO candidate (')) return statement;
      const run = statement.run.bind(statement);
      statement.run = (values: unknown) => {
        pending = true;
        return run(values);
      };
      return statement;
    };
    prototype.exec = function (this: Database, sql: string) {
      const result = exec.call(this, sql);
      if (pending && sql === 'COMMIT') {
        pending = false;
        storedAt.push(Date.now());
      }
      return result;
    };
    Object.assign(globalThis, { candidatesStoredAt: storedAt });
  }, libsql);

  await page.evaluate(() => {
    const shownAt: number[] = [];
    const look = (): void => {
      const tab = [...document.querySelectorAll('[role="tab"]')].find((one) =>
        one.textContent.trim().startsWith('All'),
      );
      const count = Number(tab?.textContent.replace(/\D/g, '') ?? 0);
      while (shownAt.length < count) shownAt.push(Date.now());
    };
    // Inside a frame's turn: what the page holds now is what this frame paints.
    const everyFrame = (): void => {
      look();
      requestAnimationFrame(everyFrame);
    };
    requestAnimationFrame(everyFrame);
    Object.assign(globalThis, { candidatesShownAt: shownAt });
  });

  return {
    async delaysMs() {
      const storedAt = await app.evaluate(
        () => (globalThis as unknown as { candidatesStoredAt: number[] }).candidatesStoredAt,
      );
      const shownAt = await page.evaluate(
        () => (globalThis as unknown as { candidatesShownAt: number[] }).candidatesShownAt,
      );
      return shownAt.map((at, n) => at - (storedAt[n] ?? Number.NaN));
    },
  };
}
