/** Names of weights as paths of Python attributes. */

const reserved = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for ' +
    'from global if import in is lambda nonlocal not or pass raise return try while with ' +
    // attributes of nn.Module and nn.ModuleDict
    'add_module append apply bfloat16 buffers children clear cpu cuda double eval extra_repr extend float ' +
    'forward get half insert items keys modules named_buffers named_children named_modules pop parameters ' +
    'register_buffer register_parameter requires_grad_ self share_memory state_dict to train training type ' +
    'update values xpu zero_grad dump_patches T_destination ' +
    // names that the file itself imports or defines
    'torch nn F json struct sys Path Values read_safetensors build'
  ).split(' '),
);

/** A segment of a name as a Python identifier; a number stays, because lists count their members. */
function identifier(segment: string): string {
  if (/^(0|[1-9]\d*)$/.test(segment)) return segment;
  const plain = segment.replace(/\W/g, '_');
  const named = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
  return reserved.has(named) || named.startsWith('__') ? `${named}_`.replace(/^__/, 'u_') : named;
}

/**
 * The path of every leaf: the dot-separated segments of its name, changed only where Python forbids a name,
 * where numbers and words are siblings, or where a leaf would contain other leaves.
 */
export function modulePaths(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, Set<string>>();
  const segmentsOf = (name: string) => name.split('.').map((part) => identifier(part));
  for (const name of names) {
    const segments = segmentsOf(name);
    segments.forEach((segment, depth) => {
      const parent = segments.slice(0, depth).join('.');
      const known = children.get(parent) ?? new Set();
      children.set(parent, known.add(segment));
    });
  }
  const paths = new Map<string, readonly string[]>();
  const taken = new Set<string>();
  for (const name of names) {
    const segments = segmentsOf(name);
    const path = segments.map((segment, depth) => {
      if (!/^\d/.test(segment)) return segment;
      const beside = children.get(segments.slice(0, depth).join('.')) ?? new Set();
      const mixed = depth === 0 || [...beside].some((other) => !/^\d/.test(other));
      return mixed ? `layer_${segment}` : segment;
    });
    if (children.has(segments.join('.'))) path[path.length - 1] += '_own';
    while (taken.has(path.join('.'))) path[path.length - 1] += '_';
    taken.add(path.join('.'));
    paths.set(name, path);
  }
  return paths;
}

/** `nats-sss` -> NatsSss. */
export function className(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/.test(name) && !reserved.has(name) ? name : `Network${name}`;
}
