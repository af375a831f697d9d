/** Copies text. The asynchronous clipboard needs a permission that the window may not have. */
export async function copyText(copied: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(copied);
    return true;
  } catch {
    return copyBySelection(copied);
  }
}

function copyBySelection(copied: string): boolean {
  const area = document.createElement('textarea');
  area.value = copied;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  try {
    return document.execCommand('copy');
  } finally {
    area.remove();
  }
}
