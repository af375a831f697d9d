/** Words of how the page of a search is divided. */
export const layoutText = {
  lower: 'Height of the table',
  inspector: 'Width of the inspector',
  hint: 'Drag, or move with the arrow keys; double-click for the usual size.',
  hideBias: 'Hide the bias panel',
  showBias: 'Show the bias panel',
  reset: 'Give all panels their usual size',
} as const;
