/** Commands for an open run, for the palette and the keyboard. */
import type { Command } from '../shell/commands.svelte.ts';
import type { RunSession } from '../open-run/session.svelte.ts';
import type { RunActions } from '../runs/run-actions.svelte.ts';
import type { RunsStore } from '../runs/runs.svelte.ts';
import type { Shell } from '../shell/shell.svelte.ts';
import { candidateText } from '../candidate/text.ts';
import { filtersText } from '../choosing/scatter/text.ts';
import type { ImagesStore } from '../images/images.svelte.ts';
import { imagesText } from '../images/text.ts';
import { tableText } from '../choosing/table/text.ts';
import { chartText, choosingText, frontAgainText } from '../choosing/text.ts';
import { notesText } from '../open-run/text.ts';
import { layoutText, paletteText } from '../shell/text.ts';
import { copyOrSay } from '../shell/copy.ts';
import { candidateName } from '../ground/words/format.ts';
import { foundFirst } from '../open-run/find-candidates.ts';
import { lowerViews } from '../open-run/chart.svelte.ts';
import { tableFilters } from '../open-run/table-rows.ts';
import { offeredMore } from '../../main/common/settings/method.ts';
import { isExtendable } from './extendable.ts';
import { runsText } from '../runs/text.ts';
import { runText } from './text.ts';

export interface RunPlace {
  readonly session: RunSession;
  readonly router: Shell['router'];
  readonly layout: Shell['layout'];
  readonly notices: Shell['notices'];
  readonly runs: RunsStore;
  readonly runActions: RunActions;
  readonly images: ImagesStore;
}

/** Pins or unpins; says so if all pins are taken. */
function pinOrSay({ pins }: RunSession, notices: Shell['notices'], id: number): void {
  if (pins.toggle(id)) notices.withdraw(notesText.pinsTaken.code);
  else notices.show(notesText.pinsTaken);
}

/** More would be no choice any more. */
const mostFound = 20;

/** The candidates that the palette finds by number, name or genotype. */
export function foundCandidates(
  { data, marks }: RunSession,
  term: string,
  go: (id: number) => void,
): Command[] {
  const { columns } = data;
  const nameOf = (id: number): string => marks.name(id);
  return foundFirst(columns, term, nameOf, mostFound).map((index) => {
    const id = columns.ids[index]!;
    const given = nameOf(id);
    const name = given === '' ? candidateName(id) : notesText.named(candidateName(id), given);
    const title = `${name}: ${columns.genotypeOf(index)}`;
    return { id: `candidate-${id}`, title, group: tableText.label, run: () => go(id) };
  });
}

export function runCommands({
  session,
  router,
  layout,
  notices,
  runs,
  runActions,
  images,
}: RunPlace): Command[] {
  const pin = (id: number): void => pinOrSay(session, notices, id);
  const palette = paletteText;
  const { data, ranking, selection } = session;
  const state = data.progress?.state;
  const commands: Command[] = [];
  const add = (id: string, title: string, run: () => void, keys?: string): void => {
    commands.push({ id, title, group: palette.groupSearch, run, ...(keys && { keys }) });
  };
  if (state === 'searching') add('pause', palette.pause, () => void runActions.pause(data.run));
  if (state === 'searching' || state === 'paused') {
    add('stop', palette.stop, () => void runActions.stop(data.run));
  }
  if (state === 'paused' || (state === 'stopped' && !runs.active)) {
    add('resume', palette.resume, () => void runActions.resume(data.run).then(() => data.reload()));
  }
  if (state !== 'searching' && state !== 'paused' && state !== 'stopping') {
    add('save-report', runsText.saveReport, () => void runActions.saveReport(data.run));
    const copy = (): void => void runActions.saveWithoutNotes(data.run);
    add('save-without-notes', runsText.saveWithoutNotes, copy);
  }
  if (isExtendable(session) && !runs.active) {
    const more = (): Promise<void> => runActions.goOnWith(data.run, offeredMore);
    add('go-on-with', runText.goOnWith(offeredMore), () => void more().then(() => data.reload()));
  }
  const shown = { kind: 'run', run: data.run, candidate: null } as const;
  add('images', imagesText.see, () => void images.show(shown));
  if (ranking.front.length > 0) {
    if (session.frontAgain.possible && !runs.active) {
      add('front-again', frontAgainText.measure, () => void session.frontAgain.measure());
    }
    add('fit', palette.fit, () => session.viewport.fitAll(session.extent()), 'F');
    add('play', palette.play, () => session.playback.toggle(), 'Space');
    add('next', palette.next, () => session.walkTable(1), ']');
    add('previous', palette.previous, () => session.walkTable(-1), '[');
    if (ranking.byBeta) {
      add('cap', palette.toggleCap, () => (ranking.capped = !ranking.capped));
    }
  }
  if (ranking.generation !== null) {
    add('live', palette.live, () => (ranking.generation = null));
  }
  if (ranking.underCap !== null) {
    add('under-cap', choosingText.palette.underCap, () => session.selectUnderCap());
  }
  if (session.filter.active) {
    add('clear-filter', chartText.filter.command, () => session.filter.clear());
  }
  for (const saved of session.savedFilters.list) {
    const title = filtersText.apply(saved.name);
    add(`filter-${saved.name}`, title, () => session.applyFilter(saved));
  }
  for (const view of lowerViews) {
    if (view === session.chart.view) continue;
    add(`view-${view}`, choosingText.palette[view], () => (session.chart.view = view));
  }
  chartCommands(session, add);
  if (ranking.byBeta) {
    const panel = layout.bias ? layoutText.hideBias : layoutText.showBias;
    add('bias-panel', panel, () => (layout.bias = !layout.bias));
  }
  if (!layout.untouched) add('layout', layoutText.reset, () => layout.reset());
  if (ranking.knee !== null) add('knee', palette.knee, () => session.selectKnee());
  if (session.pins.comparable) {
    add('compare', choosingText.palette.compare, () => (session.pins.comparing = true), 'C');
  }
  const row = selection.id === null ? undefined : data.columns.row(selection.id);
  if (row) {
    const name = candidateName(row.id);
    const route = { page: 'run', run: data.run, candidate: row.id } as const;
    add('open', candidateText.palette.open(name), () => router.go(route), 'Enter');
    add('star', choosingText.palette.star(name), () => void session.marks.toggleStar(row.id), 'S');
    add('pin', choosingText.palette.pin(name), () => pin(row.id), 'P');
    add('copy-genotype', palette.copyGenotype(name), () => void copyOrSay(row.genotype, notices));
    if (row.status === 'evaluated') {
      add('export', palette.exportSelected(name), () => void session.exports.write(row.id));
    }
  }
  return commands;
}

/** The actions of the menus around the chart. */
function chartCommands(
  { chart, ranking, table, periods }: RunSession,
  add: (id: string, title: string, run: () => void) => void,
): void {
  const words = chartText.palette;
  add('swap-axes', words.swap, () => chart.swap());
  if (chart.costSide !== 'x') add('standard-axes', words.standard, () => chart.standard());
  if (ranking.cap !== null) add('clear-cap', choosingText.cap.clear, () => (chart.cap = null));
  for (const colour of ['generation', 'status'] as const) {
    if (colour === chart.colour) continue;
    const title = words.colour(colour === 'generation' ? periods.one : chartText.colours[colour]);
    add(`colour-${colour}`, title, () => (chart.colour = colour));
  }
  for (const tab of tableFilters) {
    if (tab === table.filter) continue;
    const title = tab === 'starred' ? notesText.starred : tableText[tab];
    add(`tab-${tab}`, words.list(title), () => (table.filter = tab));
  }
}

/** Shortcuts of the page; not while somebody is typing, and not Space where it presses something. */
export function onRunKey(
  event: KeyboardEvent,
  session: RunSession,
  notices: Shell['notices'],
): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  // In a menu letters lead to its items.
  const elsewhere = 'input:not([type=range]), textarea, select, [role=dialog], [role=menu]';
  if (target?.closest(elsewhere)) return;
  const pressing = target?.closest('button, a, [role=switch], [role=tab], [role=slider]') ?? null;
  switch (event.key) {
    case 'f':
    case 'F':
      session.viewport.fitAll(session.extent());
      break;
    case 's':
    case 'S':
      if (session.selection.id !== null) void session.marks.toggleStar(session.selection.id);
      break;
    case 'p':
    case 'P':
      if (session.selection.id !== null) pinOrSay(session, notices, session.selection.id);
      break;
    case 'c':
    case 'C':
      session.pins.comparing = !session.pins.comparing;
      break;
    case 'Escape':
      if (!session.pins.comparing) return;
      session.pins.comparing = false;
      break;
    case '[':
      session.walkTable(-1);
      break;
    case ']':
      session.walkTable(1);
      break;
    case ' ':
      if (pressing) return;
      session.playback.toggle();
      break;
    default:
      return;
  }
  event.preventDefault();
}
