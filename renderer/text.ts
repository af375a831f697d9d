/** Every English text of the window, so that it can be translated in one place: its parts lie in text/. */
import { biasFindingsText } from './text/bias.ts';
import { benchmarksText } from './text/benchmarks.ts';
import { exportText } from './text/export.ts';
import { scoreText } from './text/score.ts';
import { spacesText } from './text/spaces.ts';
import { warningsText } from './text/warnings.ts';
import { frameText, stateText, settingsText, noticesText, paletteText } from './text/frame.ts';
import { runsText, welcomeText } from './text/searches.ts';
import { formText, costText } from './text/form.ts';
import { runText, chartText, timelineText, biasText, tableText } from './text/run.ts';
import { inspectorText } from './text/inspector.ts';

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
