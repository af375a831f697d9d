/** What `zico measure` reports about a model besides its latency. */
import { integer } from '../common/figures.ts';
import type { MeasuredModelFile } from '../measure-model/measure-model.ts';
import { abbreviated } from './table.ts';

export function modelInWords({
  input,
  parameters,
  macs,
  asStored,
}: Omit<MeasuredModelFile, 'latency'>): readonly string[] {
  const counted = macs === null ? 'MACs not counted' : `${abbreviated(macs)} MACs`;
  return [
    `input ${input.join(' x ')}; ${integer(parameters)} parameters, ${counted}`,
    ...(asStored === undefined ? [] : [`run as its file has it: ${asStored}`]),
  ];
}
