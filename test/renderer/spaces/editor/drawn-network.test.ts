import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import DrawnNetwork from '../../../../renderer/spaces/editor/DrawnNetwork.svelte';

afterEach(cleanup);

it('writes outputs as the tables of layers do: a head without maps has features alone', () => {
  const rest = { blocks: 1, parameters: 10, macs: 100, choices: [] };
  const parts = [
    { part: 'stage1', channels: 48, height: 32, width: 32, ...rest },
    { part: 'stage2', channels: 64, height: 16, width: 8, ...rest },
    { part: 'head', channels: 10, height: 1, width: 1, ...rest },
  ];
  render(DrawnNetwork, { network: { genotype: '48:64', parameters: 30, macs: 300, parts } });
  const outputs = screen.getAllByRole('listitem').map((item) => item.querySelector('.shape'));
  expect(outputs.map((one) => one?.textContent)).toEqual(['48 × 32²', '64 × 16 × 8', '10']);
});
