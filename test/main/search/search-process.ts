/**
 * A search in a process of its own, to be killed; run by kill.test.ts.
 * Arguments: run file, settings (JSON), what to do.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { reportOf } from '../../../main/errors.ts';
import { runSearch } from '../../../main/search/search.ts';
import { searchSettingsSchema } from '../../../main/common/settings/index.ts';
import { candidateValues, insertCandidate, rowOf } from '../../../main/store/candidate-rows.ts';
import { connectForWriting, createRun, openRunForWriting } from '../../../main/store/run-file.ts';
import { SqliteRunStore } from '../../../main/store/sqlite-run-store.ts';
import { existsSync } from 'node:fs';
import { createToySpace } from '../../support/toy-space.ts';
import { toyCandidate, toyRunInfo, toyScore, toySize } from '../../support/toy-search.ts';
import type { Known } from '../../../main/common/known.ts';

/** Where the process ends itself with SIGKILL, or what else it does. */
export type Act =
  | { readonly kind: 'kill-after-commit'; readonly candidates: number }
  | { readonly kind: 'kill-while-scoring'; readonly candidates: number }
  | { readonly kind: 'kill-within-transaction'; readonly candidates: number }
  /** Says `stored N` for each candidate and waits a little, to be killed from outside. */
  | { readonly kind: 'slow' }
  /** Opens the run, says what came of it, and holds it until its input ends. */
  | { readonly kind: 'hold' };

const [file, settingsText, actText] = process.argv.slice(2) as Known<string>;
const settings = searchSettingsSchema.parse(JSON.parse(settingsText));
const act = JSON.parse(actText) as Act;

const die = (): void => void process.kill(process.pid, 'SIGKILL');

if (act.kind === 'hold') {
  try {
    const store = openRunForWriting(file);
    console.log('open');
    process.stdin.on('end', () => store.close()).resume();
  } catch (error) {
    console.log(reportOf(error).code);
  }
} else if (act.kind === 'kill-within-transaction') {
  createRun(file, toyRunInfo(settings)).close();
  const connection = connectForWriting(file);
  const store = new SqliteRunStore(connection, {
    writable: true,
    onClose: () => connection.release(),
  });
  for (let id = 1; id <= act.candidates; id++) store.add(toyCandidate(id), id);
  connection.transaction(() => {
    connection.run(insertCandidate, candidateValues(rowOf(toyCandidate(act.candidates + 1))));
    die();
  });
} else {
  const store = existsSync(file) ? openRunForWriting(file) : createRun(file, toyRunInfo(settings));
  let begun = 0;
  await runSearch({
    space: createToySpace(),
    settings,
    store,
    latency: null,
    summarise: toySize,
    concurrency: 2,
    async score(genotype) {
      begun++;
      if (act.kind === 'kill-while-scoring' && begun > act.candidates) die();
      await sleep(act.kind === 'slow' ? 20 : 0);
      return toyScore(genotype);
    },
    onEvent({ phase, evaluated }) {
      if (phase !== 'stored') return;
      if (act.kind === 'kill-after-commit' && evaluated === act.candidates) die();
      if (act.kind === 'slow') console.log(`stored ${evaluated}`);
    },
  });
  store.close();
}
