/**
 * `npm test`: every check and every test, here and on a build machine alike.
 *
 *   node test/run.ts [--long] [--only lint|unit|e2e]
 *
 * Nothing stops early. The last line is `N passed, N failed`, where a tool such as the linter counts
 * as one; the exit code is 1 when anything failed or nothing ran.
 */
import { parseArgs } from 'node:util';
import { lineOf, summary } from './runner/report.ts';
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

const results = await runSteps(planned({ long: values.long, only }));

for (const { name, failures } of results) {
  for (const failure of failures ?? []) console.log(`\nFAILED in ${name}: ${failure}`);
}
console.log();
for (const result of results) console.log(lineOf(result));
const { text, good } = summary(results);
console.log(text);
process.exitCode = good ? 0 : 1;
