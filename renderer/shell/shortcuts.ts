/** What the keys do, as the list of them shows it; `?` and F1 open that. */

export interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

const does = (what: string, ...keys: readonly string[]): Shortcut => ({ keys, does: what });

export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'Everywhere',
    shortcuts: [
      does('Find a page, a command or a search', 'Ctrl K'),
      does('New search', 'Ctrl N'),
      does('Open a run file', 'Ctrl O'),
      does('All searches', 'Ctrl L'),
      does('Settings', 'Ctrl ,'),
      does('Undo', 'Ctrl Z'),
      does('This list', '?', 'F1'),
      does('Larger, smaller, usual size', 'Ctrl +', 'Ctrl −', 'Ctrl 0'),
    ],
  },
  {
    title: 'A search',
    shortcuts: [
      does('Next and previous candidate of the table', ']', '['),
      does('Open the selected candidate', 'Enter'),
      does('Star the selected candidate', 'S'),
      does('Pin it for comparing', 'P'),
      does('Compare the pinned ones, and back', 'C', 'Esc'),
      does('Play the search back', 'Space'),
      does('Fit the chart', 'F'),
    ],
  },
  {
    title: 'In the chart',
    shortcuts: [
      does('Along the front', '←', '→'),
      does('Closer and farther', '+', '−'),
      does('Keep what is inside a rectangle', 'Shift drag'),
      does('Select nothing', 'Esc'),
    ],
  },
  {
    title: 'In tables and parallel coordinates',
    shortcuts: [
      does('From row to row', '↑', '↓'),
      does('A page at a time, to the ends', 'Page Up', 'Page Down', 'Home', 'End'),
      does('Move the range of an axis; with Shift its upper end', '↑', '↓'),
      does('Remove the range of an axis', 'Delete'),
    ],
  },
  {
    title: 'A candidate',
    shortcuts: [
      does('Next and previous candidate', ']', '['),
      does('Star it', 'S'),
      does('From box to box of the architecture', '↑', '↓'),
      does('Closer, farther, all of it', '+', '−', '0'),
      does('Back to the search', 'Esc'),
    ],
  },
  {
    title: 'Forms and panels',
    shortcuts: [
      does('Start the search', 'Ctrl Enter'),
      does('Save the space', 'Ctrl S'),
      does('Move a divider, to its ends, and back to usual', '←', '→', 'Home', 'End', 'Delete'),
    ],
  },
];
