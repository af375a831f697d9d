/**
 * `npm test`: every check and every test, here and on a build machine alike.
 *
 *   node test/run.ts [--long] [--only lint|unit|e2e]
 *
 * It first makes what the tests need (the phone's adbd, the runners), or says what it leaves out without.
 * Nothing stops early. The last line is `N passed, N failed`, where a tool such as the linter counts
 * as one; the exit code is 1 when anything failed or nothing ran.
 */
import { parseArgs } from 'node:util';
import { prepareParts } from './runner/parts.ts';
import { lineOf, summary, type StepResult } from './runner/report.ts';
import { runSteps } from './runner/run-steps.ts';
import { planned, type Part } from './runner/steps.ts';

const parts: readonly Part[] = ['lint', 'unit', 'e2e'];
const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const only = parts.find((part) => part === values.only);
if (values.only !== undefined && !only) {
  console.error(`--only takes one of ${parts.join(', ')}, not ${values.only}.`);
  process.exit(2);
}

const results: StepResult[] = [];
const missing = only === 'lint' ? [] : await prepared();
const without = {
  projects: missing.flatMap(({ part }) => part.projects ?? []),
  files: missing.flatMap(({ part }) => part.files ?? []),
};
results.push(...(await runSteps(planned({ long: values.long, only, without }))));

for (const { name, failures } of results) {
  for (const failure of failures ?? []) console.log(`\nFAILED in ${name}: ${failure}`);
}
console.log();
for (const result of results) console.log(lineOf(result));
const { text, good } = summary(results);
for (const { part, reason } of missing) console.log(`Left out: tests of ${part.name}. ${reason}`);
console.log(text);
process.exitCode = good ? 0 : 1;

/**
 * What the tests need beside the sources. On a build machine (CI) a part that cannot be had is a failure; a
 * person without it runs the other tests.
 */
async function prepared() {
  console.log('--- what the tests need');
  const startedMs = performance.now();
  const found = await prepareParts(console.log);
  const strict = (process.env['CI'] ?? '') !== '';
  results.push({
    name: 'what the tests need',
    passed: found.ready.length,
    failed: strict ? found.missing.length : 0,
    seconds: (performance.now() - startedMs) / 1000,
  });
  return found.missing;
}
