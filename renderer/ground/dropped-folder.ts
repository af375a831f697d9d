/** The first folder among what was dropped; null where only files were. A folder looks like a file by name alone. */
export function droppedFolder({ dataTransfer }: DragEvent): File | null {
  for (const item of dataTransfer?.items ?? []) {
    if (item.kind === 'file' && item.webkitGetAsEntry()?.isDirectory) return item.getAsFile();
  }
  return null;
}
