/** The pages with a place in the rail, in its order: what they are called, and what shows those about no one thing. */
import type { Component } from 'svelte';
import Blocks from '@lucide/svelte/icons/blocks';
import BookOpen from '@lucide/svelte/icons/book-open';
import ChartNoAxesColumnIncreasing from '@lucide/svelte/icons/chart-no-axes-column-increasing';
import ChartScatter from '@lucide/svelte/icons/chart-scatter';
import FileInput from '@lucide/svelte/icons/file-input';
import Network from '@lucide/svelte/icons/network';
import Plus from '@lucide/svelte/icons/plus';
import Settings from '@lucide/svelte/icons/settings';
import Workflow from '@lucide/svelte/icons/workflow';
import Smartphone from '@lucide/svelte/icons/smartphone';
import BenchmarkRoom from '../benchmarks/searches/BenchmarkRoom.svelte';
import { benchmarksText } from '../benchmarks/text.ts';
import ComputersPage from '../farm/ComputersPage.svelte';
import { farmText } from '../farm/text.ts';
import { guideText } from '../guide/text.ts';
import PhonesPage from '../phones/PhonesPage.svelte';
import { phonesText } from '../phones/text.ts';
import ScorePage from '../score/ScorePage.svelte';
import { scoreText } from '../score/text.ts';
import GraphPage from '../graphs/GraphPage.svelte';
import { graphText } from '../graphs/text.ts';
import SettingsPage from '../settings/SettingsPage.svelte';
import { preferencesText } from '../settings/text.ts';
import type { PlainPage, Route } from '../shell/router.svelte.ts';
import { frameText } from '../shell/text.ts';
import { spacesText } from '../spaces/text.ts';

/** What belongs to the searches: a run, the comparison of two, the queue, a sweep of it. */
export const searchPages = [
  'run',
  'fronts',
  'queue',
  'sweep',
] as const satisfies readonly Route['page'][];
export type SearchPage = (typeof searchPages)[number];
export type RailPage = Exclude<Route['page'], SearchPage>;

interface PageEntry {
  readonly title: string;
  readonly icon: typeof Plus;
}

interface PlainPageEntry extends PageEntry {
  readonly component: Component;
}

export const pages: Readonly<
  Record<RailPage, PageEntry> & Record<Exclude<PlainPage, SearchPage>, PlainPageEntry>
> = {
  searches: { title: frameText.searches, icon: ChartScatter },
  new: { title: frameText.newSearch, icon: Plus },
  spaces: { title: spacesText.title, icon: Blocks },
  score: { title: scoreText.title, icon: FileInput, component: ScorePage },
  graph: { title: graphText.title, icon: Workflow, component: GraphPage },
  phones: { title: phonesText.title, icon: Smartphone, component: PhonesPage },
  computers: { title: farmText.title, icon: Network, component: ComputersPage },
  benchmarks: {
    title: benchmarksText.title,
    icon: ChartNoAxesColumnIncreasing,
    component: BenchmarkRoom,
  },
  guide: { title: guideText.title, icon: BookOpen },
  settings: { title: preferencesText.title, icon: Settings, component: SettingsPage },
};
export const railPages = Object.keys(pages) as readonly RailPage[];
