/**
 * An array whose first entries are known to be there: the rank of a shape or the number of an operator's
 * operands was checked before. Taking it apart gives values, where a plain array gives values or undefined.
 * It says nothing about the length: name no more entries than were checked.
 */
export type Known<T> = [T, T, T, T, T, T, T, T, ...T[]];
