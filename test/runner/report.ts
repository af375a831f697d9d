/** Counts of the test run and how they are told. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface StepResult extends Counts {
  readonly name: string;
  readonly seconds: number;
  /** Each failed test by name and reason; a tool without tests of its own names none. */
  readonly failures?: readonly string[];
}

/** What this file needs of vitest's JSON report. */
interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** One for each test file. */
  readonly testResults: readonly {
    readonly status: string;
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/**
 * Counts of a vitest run. A file that breaks before any of its tests has failed counts as one failure,
 * and so does a run that is unhappy (a leaked error, say) although every test passed.
 *
 * @param text content of the JSON report, or undefined when vitest wrote none
 */
export function countsOfVitest(text: string | undefined, exitCode: number): Counts {
  if (text === undefined) return { passed: 0, failed: 1 };
  const report = JSON.parse(text) as VitestReport;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  const unhappy = exitCode !== 0 || !report.success;
  return { passed: report.numPassedTests, failed: failed === 0 && unhappy ? 1 : failed };
}

/** How much of a failure's reason is repeated under the table. */
const reasonLength = 1_500;

/**
 * The failures of a vitest run, each with its file, name and reason, so that the end of a long log
 * tells what its middle scrolled away.
 *
 * @param text content of the JSON report, or undefined when vitest wrote none
 */
export function failuresOfVitest(text: string | undefined): string[] {
  if (text === undefined) return ['vitest wrote no report'];
  const report = JSON.parse(text) as VitestReport;
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && file.status === 'failed') {
      return [`${file.name}\n${file.message.slice(0, reasonLength)}`];
    }
    return failed.map(({ fullName, failureMessages }) =>
      [`${file.name} > ${fullName}`, ...(failureMessages ?? [])].join('\n').slice(0, reasonLength),
    );
  });
}

/** One line of the table: name, counts, seconds. */
export function lineOf({ name, passed, failed, seconds }: StepResult): string {
  const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`;
  return `${name.padEnd(24)}${counts} ${seconds.toFixed(1).padStart(8)} s`;
}

export function summary(results: readonly Counts[]): { text: string; good: boolean } {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  return { text: `${passed} passed, ${failed} failed`, good: failed === 0 && passed > 0 };
}
