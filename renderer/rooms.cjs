// The rooms of the window, by what a person does in them, and what each may import of the others.
// An arrow that is not here does not pass: .dependency-cruiser.cjs reads this for every file, and eslint.config.js
// for the types that components import, which are gone once a component is compiled.

/** Room -> the rooms below it that it may import, beside itself. */
const rooms = {
  /** Charts, controls, numbers and words: nothing of this product's pages. */
  ground: [],
  /** What every page stands in: title bar, messages, palette, address, settings of the window. */
  shell: ['ground'],
  /** Other computers that score, and their phones. */
  farm: ['ground', 'shell'],
  phones: ['ground', 'shell', 'farm'],
  spaces: ['ground', 'shell'],
  score: ['ground', 'shell', 'graphs'],
  /** The list of searches. */
  runs: ['ground', 'shell'],
  /** One run as data: candidates in columns, ranked, filtered, selected, noted. */
  'open-run': ['ground', 'runs'],
  /** A model file as a graph. */
  graphs: ['ground', 'shell'],
  /** The images that networks are scored with. */
  images: ['ground', 'shell'],
  benchmarks: ['ground', 'shell', 'runs', 'score'],
  candidate: ['ground', 'shell', 'phones', 'score', 'runs', 'open-run', 'benchmarks', 'images'],
  /** Charts, table and comparisons by which a candidate is chosen. */
  choosing: ['ground', 'shell', 'score', 'runs', 'open-run'],
  /** The form of a new search, and the page on which one is watched. */
  search: [
    ...['ground', 'shell', 'farm', 'phones', 'spaces', 'score', 'runs', 'open-run'],
    ...['candidate', 'choosing', 'images'],
  ],
  /** The pages of docs/guide. */
  guide: ['ground', 'shell'],
  settings: ['ground', 'shell', 'phones'],
};
/** Puts the rooms together: the window itself. */
rooms.app = Object.keys(rooms);

module.exports = { rooms };
