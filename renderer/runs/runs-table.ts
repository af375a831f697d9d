/** The searches of this computer as a table for other programs. */
import type { RunSummary } from '../../preload/contract.ts';
import type { TableText } from '../ground/table-text.ts';
import { runTitle } from '../ground/words/format.ts';
import { settingsLine } from './settings-words.ts';
import { runsText, searchesText, stateText } from './text.ts';

export function runsTable(list: readonly RunSummary[]): TableText {
  const words = searchesText;
  return {
    head: [
      ...[words.name, words.file, runsText.tagsTitle, words.settings, words.state],
      ...[words.evaluated, words.failed, words.seconds, words.created],
    ],
    rows: list.map((run) => [
      ...[runTitle(run.name), run.path, run.tags.join(', ')],
      // What cannot be read has neither settings nor counts.
      ...(run.error
        ? ['', run.error.message, '', '', '']
        : [
            ...[settingsLine(run.settings), stateText[run.state]],
            ...[run.evaluated, run.failed, run.elapsedSeconds].map(String),
          ]),
      run.createdAt,
    ]),
  };
}
