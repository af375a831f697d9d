/** Commands of the page of a candidate, for the palette. */
import type { ArchitectureStore } from './architecture/architecture.svelte.ts';
import type { Command } from '../shell/commands.svelte.ts';
import type { ImagesStore } from '../images/images.svelte.ts';
import { imagesText } from '../images/text.ts';
import type { RunSession } from '../open-run/session.svelte.ts';
import type { RouterStore } from '../shell/router.svelte.ts';
import type { RunsStore } from '../runs/runs.svelte.ts';
import type { AgainStore } from './again.svelte.ts';
import { candidateText } from './text.ts';
import { candidateName } from '../ground/words/format.ts';
import { hasLatency } from '../runs/settings-words.ts';

export interface CandidatePlace {
  readonly again: AgainStore;
  readonly router: RouterStore;
  readonly runs: RunsStore;
  readonly images: ImagesStore;
  readonly session: RunSession;
  readonly id: number;
  readonly architecture: ArchitectureStore;
  readonly walk: (step: 1 | -1) => void;
  readonly fit: () => void;
}

export function candidateCommands(place: CandidatePlace): Command[] {
  const { again, router, runs, images, session, id, architecture, walk, fit } = place;
  const { run, view, columns } = session.data;
  const words = candidateText.palette;
  const name = candidateName(id);
  const commands: Command[] = [];
  const add = (key: string, title: string, action: () => void, keys?: string): void => {
    const group = candidateText.page;
    commands.push({ id: `candidate-${key}`, title, group, run: action, ...(keys && { keys }) });
  };
  add('back', words.back, () => router.go({ page: 'run', run }), 'Esc');
  add('next', words.next, () => walk(1), ']');
  add('previous', words.previous, () => walk(-1), '[');
  if (columns.row(id)?.status === 'evaluated' && again.current === null && !runs.active) {
    add('score-again', words.scoreAgain(name), () => void again.scoreAgain(run, id));
    if (session.zico.missing([id]).length > 0 && session.zico.current === null) {
      add('give-zico', words.giveZico(name), () => void session.zico.give([id]));
    }
    if (hasLatency(view?.summary.settings)) {
      add('measure-again', words.measureAgain(name), () => void again.measureAgain(run, id));
    }
  }
  const shown = { kind: 'run', run, candidate: id } as const;
  add('images', imagesText.see, () => void images.show(shown));
  add('fold', words.foldAll, () => architecture.foldAll());
  add('unfold', words.unfoldAll, () => architecture.unfoldAll());
  add('fit', words.fit, fit, '0');
  return commands;
}
