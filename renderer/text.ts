/** Every English text of the window, so that it can be translated in one place: its parts lie in text/. */
import { biasFindingsText } from './choosing/bias/text.ts';
import { benchmarksText } from './benchmarks/text.ts';
import { exportText } from './candidate/export/text.ts';
import { scoreText } from './score/text.ts';
import { spacesText } from './spaces/text.ts';
import { warningsText } from './shell/warnings-text.ts';
import { frameText, stateText, settingsText, noticesText, paletteText } from './shell/text.ts';
import { runsText, welcomeText } from './runs/searches-text.ts';
import { formText, costText } from './search/form/text.ts';
import { runText, chartText, timelineText, biasText, tableText } from './choosing/run-text.ts';
import { inspectorText } from './candidate/inspector/text.ts';

export const text = {
  product: 'ZiCo Workbench',
  score: scoreText,
  biasFindings: biasFindingsText,
  benchmarks: benchmarksText,
  spaces: spacesText,
  warnings: warningsText,
  export: exportText,
  frame: frameText,
  state: stateText,
  settings: settingsText,
  notices: noticesText,
  palette: paletteText,
  runs: runsText,
  welcome: welcomeText,
  form: formText,
  cost: costText,
  run: runText,
  chart: chartText,
  timeline: timelineText,
  bias: biasText,
  table: tableText,
  inspector: inspectorText,
} as const;
