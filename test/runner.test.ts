import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { countsOfVitest, failuresOfVitest, lineOf, summary } from './runner/report.ts';
import { runSteps } from './runner/run-steps.ts';
import { planned, type Alongside } from './runner/steps.ts';
import { timedTests } from './runner/timed-tests.ts';
import { windowFiles } from './runner/window-files.ts';

/** A report as vitest writes it: test files, each a list of test states. */
function report(files: readonly { status: string; tests: readonly string[] }[], success = true) {
  const states = files.flatMap(({ tests }) => tests);
  return JSON.stringify({
    success,
    numPassedTests: states.filter((state) => state === 'passed').length,
    numFailedTests: states.filter((state) => state === 'failed').length,
    testResults: files.map(({ status, tests }) => ({
      status,
      name: 'some.test.ts',
      message: status === 'failed' ? 'does not load' : '',
      assertionResults: tests.map((state) => ({
        status: state,
        fullName: `is ${state}`,
        failureMessages: state === 'failed' ? ['because'] : [],
      })),
    })),
  });
}

describe('counting a vitest run', () => {
  it('takes tests that passed and failed', () => {
    const text = report([{ status: 'failed', tests: ['passed', 'failed', 'skipped'] }], false);
    expect(countsOfVitest(text, 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts a file that broke before its tests as a failure', () => {
    const files = [
      { status: 'failed', tests: [] },
      { status: 'passed', tests: ['passed'] },
    ];
    expect(countsOfVitest(report(files, false), 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts a file whose tests passed and whose clean-up failed', () => {
    const text = report([{ status: 'failed', tests: ['passed'] }], false);
    expect(countsOfVitest(text, 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts an unhappy run with happy tests as a failure', () => {
    const text = report([{ status: 'passed', tests: ['passed'] }]);
    expect(countsOfVitest(text, 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('counts a run without a report as a failure', () => {
    expect(countsOfVitest(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('what failed', () => {
  it('names each test with its file and reason', () => {
    const text = report([{ status: 'failed', tests: ['passed', 'failed'] }], false);
    expect(failuresOfVitest(text)).toEqual(['some.test.ts > is failed\nbecause']);
  });

  it('names a file that broke outside of its tests', () => {
    const text = report([{ status: 'failed', tests: ['passed'] }], false);
    expect(failuresOfVitest(text)).toEqual(['some.test.ts\ndoes not load']);
  });
});

describe('the summary', () => {
  it('adds up the steps', () => {
    const steps = [
      { passed: 2, failed: 0 },
      { passed: 1, failed: 1 },
    ];
    expect(summary(steps)).toEqual({ text: '3 passed, 1 failed', good: false });
  });

  it('is not good when nothing ran', () => {
    expect(summary([])).toEqual({ text: '0 passed, 0 failed', good: false });
  });

  it('has a table line for each step', () => {
    const line = lineOf({ name: 'tests', passed: 12, failed: 3, seconds: 4.56 });
    expect(line).toMatch(/^tests +12 passed +3 failed +4\.6 s$/);
  });
});

describe('the steps of a run', () => {
  /** A step that takes a moment and notes when it begins and ends. */
  const step = (name: string, log: string[], alongside?: Alongside) => ({
    name,
    ...(alongside && { alongside }),
    async run() {
      log.push(`+${name}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push(`-${name}`);
      return { passed: 1, failed: 0 };
    },
  });

  it('run two at a time where they are of one kind, and one by one where they are not', async () => {
    const log: string[] = [];
    const steps = [
      ...['a', 'b', 'c'].map((name) => step(name, log, 'reading')),
      ...['s', 't'].map((name) => step(name, log, 'tests')),
      ...['x', 'y'].map((name) => step(name, log)),
    ];
    const results = await runSteps(steps, 2);
    expect(results.map(({ name }) => name)).toEqual(['a', 'b', 'c', 's', 't', 'x', 'y']);
    expect(log.slice(0, 2)).toEqual(['+a', '+b']);
    expect(log.indexOf('+c')).toBeGreaterThan(log.indexOf('-a'));
    expect(log.slice(6, 8)).toEqual(['+s', '+t']);
    expect(log.slice(-4)).toEqual(['+x', '-x', '+y', '-y']);
  });
});

it('a whole run builds beside what only reads, and before the first test', () => {
  const steps = planned({ long: false, only: undefined, without: { projects: [], files: [] } });
  const build = steps.findIndex(({ name }) => name === 'build');
  const [before, after] = [steps.slice(0, build + 1), steps.slice(build + 1)];
  expect(new Set(before.map(({ alongside }) => alongside))).toEqual(new Set(['reading']));
  expect(after.map(({ alongside }) => alongside)).not.toContain('reading');
});

describe('the long tests of a run', () => {
  it('run alone wherever a file says how long something may take', () => {
    const folder = path.join(import.meta.dirname, '..');
    const files = globSync('test/**/*.long.test.ts', { cwd: folder }).filter(
      (name) => !name.startsWith('test/phone/'),
    );
    const measures = files.filter((name) =>
      /performance\.now|waitingFarm/.test(readFileSync(path.join(folder, name), 'utf8')),
    );
    expect([...timedTests].sort()).toEqual(measures.sort());
  });
});

describe('the windows of a run', () => {
  it('are in two halves of about one size, with those that measure times alone', () => {
    const sizes = { 'a.e2e.ts': 5, 'b.e2e.ts': 4, 'c.e2e.ts': 3, 'd.e2e.ts': 3, 'e.e2e.ts': 1 };
    const files = Object.entries(sizes).map(([name, bytes]) => ({ name, bytes }));
    expect(windowFiles([...files, { name: 'responsive.e2e.ts', bytes: 9 }])).toEqual({
      timed: ['responsive.e2e.ts'],
      halves: [
        ['a.e2e.ts', 'd.e2e.ts'],
        ['b.e2e.ts', 'c.e2e.ts', 'e.e2e.ts'],
      ],
    });
  });

  it('run alone wherever a file says how long something may take', () => {
    const folder = path.join(import.meta.dirname, 'e2e');
    const files = readdirSync(folder).filter((name) => name.endsWith('.e2e.ts'));
    const measures = files.filter((name) =>
      /Blocks\(|requestAnimationFrame|delaysMs|perMinute/.test(
        readFileSync(path.join(folder, name), 'utf8'),
      ),
    );
    expect(measures.length).toBeGreaterThan(2);
    const { timed } = windowFiles(files.map((name) => ({ name, bytes: 1 })));
    expect([...timed].sort()).toEqual(measures.sort());
  });
});
