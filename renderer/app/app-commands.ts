/** Commands that exist on every page. */
import type { Command } from '../shell/commands.svelte.ts';
import type { WorkbenchShell } from './workbench.svelte.ts';
import { frontsText } from '../choosing/fronts/text.ts';
import { guidePages } from '../guide/pages.ts';
import { guideText } from '../guide/text.ts';
import { queueText } from '../runs/queue/text.ts';
import { paletteText, reportText, shortcutsText, undoText } from '../shell/text.ts';
import { pages, railPages } from './pages.ts';
import { tasksText } from './tasks-text.ts';
import { runTitle } from '../ground/words/format.ts';
import { tasksOf } from './tasks.ts';

export function appCommands(workbench: WorkbenchShell): Command[] {
  const { router, runs, theme, app } = workbench;
  const palette = paletteText;
  const commands: Command[] = [
    {
      id: 'shortcuts',
      title: shortcutsText.command,
      group: palette.groupView,
      keys: '?',
      run: () => workbench.dialogs.open('shortcuts'),
    },
    {
      id: 'report',
      title: reportText.command,
      group: palette.groupView,
      run: () => workbench.dialogs.open('report'),
    },
    ...railPages.map((page) => ({
      id: `go-${page}`,
      title: pages[page].title,
      group: palette.groupGo,
      run: () => router.go({ page }),
    })),
    ...guidePages().map(({ id, title }) => ({
      id: `guide-${id}`,
      title: guideText.command(title),
      group: palette.groupGo,
      run: () => router.go({ page: 'guide', topic: id }),
    })),
    {
      id: 'go-queue',
      title: queueText.title,
      group: palette.groupGo,
      run: () => router.go({ page: 'queue' }),
    },
    {
      id: 'open-file',
      title: palette.openFile,
      group: palette.groupGo,
      run: () => void workbench.runActions.openFile(),
    },
  ];
  if ((runs.list ?? []).filter(({ error }) => error === null).length >= 2) {
    commands.push({
      id: 'fronts',
      title: frontsText.command,
      group: palette.groupGo,
      run: () => router.go({ page: 'fronts', runs: [] }),
    });
  }
  if (app.description && !runs.active) {
    commands.push({
      id: 'demo',
      title: palette.startDemo,
      group: palette.groupGo,
      run: () => void workbench.runActions.startDemo(),
    });
  }
  const undoable = workbench.undo.latest;
  if (undoable !== null) {
    commands.push({
      id: 'undo',
      title: undoText.command(undoable.done),
      group: palette.groupGo,
      keys: undoText.keys,
      run: () => void workbench.undo.undo(),
    });
  }
  for (const { run, name } of runs.recent) {
    if (runs.list?.some((known) => known.run === run)) continue;
    commands.push({
      id: `recent-${run}`,
      title: palette.openRun(runTitle(name)),
      group: palette.groupRuns,
      run: () => void workbench.runActions.openRecent(run),
    });
  }
  for (const { id, title, cancel } of tasksOf(workbench)) {
    if (cancel === null) continue;
    const group = tasksText.label;
    commands.push({ id: `stop-${id}`, title: tasksText.stopCommand(title), group, run: cancel });
  }
  const themes = [
    ['system', palette.themeSystem],
    ['light', palette.themeLight],
    ['dark', palette.themeDark],
  ] as const;
  for (const [choice, title] of themes) {
    if (choice === theme.choice) continue;
    commands.push({
      id: `theme-${choice}`,
      title,
      group: palette.groupView,
      run: () => theme.choose(choice),
    });
  }
  for (const run of runs.list ?? []) {
    if (run.error) continue;
    commands.push({
      id: `run-${run.run}`,
      title: palette.openRun(runTitle(run.name)),
      group: palette.groupRuns,
      run: () => workbench.runActions.open(run.run),
    });
  }
  return commands;
}
