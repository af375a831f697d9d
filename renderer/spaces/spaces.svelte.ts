/** The person's own spaces, and the editors of those that were opened. Lives as long as the window. */
import { createContext } from 'svelte';
import { mostSpaceTitle } from '../../main/common/space-description.ts';
import type { Bridge, MethodResult, SpaceSummary } from '../../preload/contract.ts';
import { ask } from '../ground/bridge.ts';
import { newSpace } from './editor/new-space.ts';
import { freeName, isObject, jsonText, parseText } from './editor/space-json.ts';
import { draftKey, SpaceEditor } from './editor/editor.svelte.ts';

export type OwnSpace = MethodResult<'ownSpaces.list'>[number];

export class SpacesStore {
  readonly #bridge: Bridge;
  readonly #storage: Storage;
  readonly #onError: (error: unknown) => void;
  readonly #editors = new Map<string, SpaceEditor>();
  #own: readonly OwnSpace[] | null = $state.raw(null);

  constructor(bridge: Bridge, storage: Storage, onError: (error: unknown) => void) {
    this.#bridge = bridge;
    this.#storage = storage;
    this.#onError = onError;
  }

  /** Null until they are known. */
  get own(): readonly OwnSpace[] | null {
    return this.#own;
  }

  async refresh(): Promise<void> {
    try {
      this.#own = await ask(this.#bridge, 'ownSpaces.list');
    } catch (error) {
      this.#onError(error);
    }
  }

  /** The same one every time, so that the undo history survives a visit to another page. */
  editor(id: string): SpaceEditor {
    const known = this.#editors.get(id);
    if (known) return known;
    const editor = new SpaceEditor(id, this.#bridge, this.#storage, this.#onError);
    this.#editors.set(id, editor);
    return editor;
  }

  hasDraft(id: string): boolean {
    return this.#storage.getItem(draftKey(id)) !== null;
  }

  /** These return the id of the new space. */
  async create(): Promise<string> {
    const name = this.#free('my-space');
    return this.#add(name, jsonText(newSpace(name)));
  }

  async duplicate(space: SpaceSummary | OwnSpace): Promise<string> {
    const text =
      'id' in space
        ? (await ask(this.#bridge, 'ownSpaces.read', { id: space.id })).text
        : await ask(this.#bridge, 'spaces.source', { name: space.name });
    const name = this.#free('id' in space ? `${space.name}-copy` : `my-${space.name}`);
    return this.#add(name, named(text, name, true));
  }

  async addFile(file: File): Promise<string> {
    return this.#add(file.name.replace(/\.json$/i, ''), await file.text());
  }

  async import(): Promise<readonly string[]> {
    const ids = await ask(this.#bridge, 'ownSpaces.import');
    await this.refresh();
    return ids;
  }

  /** Null when the person cancels. */
  async export(id: string): Promise<string | null> {
    const editor = this.editor(id);
    await editor.load();
    const written = { name: id, text: editor.text };
    return (await ask(this.#bridge, 'ownSpaces.export', written))?.path ?? null;
  }

  /** The file's name and the one in the description. Needs a space without unsaved changes. */
  async rename(id: string, name: string): Promise<string> {
    const { text, version } = await ask(this.#bridge, 'ownSpaces.read', { id });
    const renamed = { id, name, text: named(text, name), version };
    const answer = await ask(this.#bridge, 'ownSpaces.rename', renamed);
    this.#editors.delete(id);
    await this.refresh();
    return answer.id;
  }

  async trash(id: string): Promise<void> {
    await ask(this.#bridge, 'ownSpaces.trash', { id });
    this.#editors.delete(id);
    this.#storage.removeItem(draftKey(id));
    await this.refresh();
  }

  #free(name: string): string {
    const taken = (this.#own ?? []).flatMap(({ id, space }) => (space ? [id, space.name] : [id]));
    return freeName(name, taken);
  }

  async #add(name: string, text: string): Promise<string> {
    const { id } = await ask(this.#bridge, 'ownSpaces.create', { name, text });
    await this.refresh();
    return id;
  }
}

/**
 * The description with another name, which the title of a copy ends with, since lists show both of a space and of its
 * copy. A title of the person's own stays as it is. A text that is not a description is left alone.
 */
function named(text: string, name: string, isCopy = false): string {
  const parsed = parseText(text);
  if (!parsed.ok || !isObject(parsed.value)) return text;
  const { title, name: before } = parsed.value;
  if (typeof title !== 'string') return jsonText({ ...parsed.value, name });
  const former = ` (${typeof before === 'string' ? before : ''})`;
  const endsWithName = title.endsWith(former);
  if (!isCopy && !endsWithName) return jsonText({ ...parsed.value, name });
  const ending = ` (${name})`;
  const plain = endsWithName ? title.slice(0, -former.length) : title;
  return jsonText({
    ...parsed.value,
    name,
    title: plain.slice(0, mostSpaceTitle - ending.length) + ending,
  });
}

export const [useSpaces, provideSpaces] = createContext<SpacesStore>();
