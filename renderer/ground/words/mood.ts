/** The colour of a word about the state of something that works, such as a phone: a class of renderer/styles. */
export type Mood = 'ok' | 'waiting' | 'hot' | 'failed' | 't2';
