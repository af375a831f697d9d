/** What a score is called; beta 0 is ZiCo as published. */
export const scoreName = (beta: number, capped: boolean): string =>
  `${beta === 0 ? 'ZiCo' : 'ZiCo-BC'}${capped ? ', capped' : ''}`;
