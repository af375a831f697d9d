/** Candidates by what a person did with them and where they stand; the later one wins. */
export const statuses = ['dominated', 'front', 'starred', 'pinned'] as const;
export type Status = (typeof statuses)[number];
