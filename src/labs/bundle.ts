/** A lab as a copy for others: with other paths to its nodes and, for students, with its answers sealed and no solutions. */
import { type Mapping, type Tree, entryOf } from '../check/tree.js';
import { sealOf } from './answer.js';

/** What a tree holds, as JSON: which is YAML too. */
type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

export interface BundleOptions {
  readonly isStudent: boolean;
  /** The path of a node or cluster file in the copy. */
  readonly pathOf: (written: string) => string;
  /** Makes the digests of two copies differ. */
  readonly salt: string;
}

function plain(tree: Tree): Plain {
  if (tree.kind === 'scalar') return typeof tree.value === 'number' ? tree.text : tree.value;
  if (tree.kind === 'list') return tree.items.map(plain);
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plain(value)]));
}

const textOf = (tree: Tree | undefined): string => (tree?.kind === 'scalar' ? tree.text : '');

const without = ({ entries }: Mapping, ...keys: readonly string[]): Readonly<Record<string, Plain>> =>
  Object.fromEntries(
    entries.filter(({ key }) => !keys.includes(key)).map(({ key, value }) => [key, plain(value)]),
  );

class Bundler {
  readonly #options: BundleOptions;

  constructor(options: BundleOptions) {
    this.#options = options;
  }

  lab(map: Mapping): Plain {
    const { isStudent } = this.#options;
    const entries = map.entries.map(({ key, value }): [string, Plain] => [key, this.#part(key, value)]);
    return Object.fromEntries([...entries, ['bundle', isStudent ? 'student' : 'teacher']]);
  }

  #part(key: string, value: Tree): Plain {
    const { isStudent, pathOf } = this.#options;
    if ((key === 'node' || key === 'cluster') && value.kind === 'scalar') return pathOf(value.text);
    if (key === 'nodes' && value.kind === 'map')
      return Object.fromEntries(value.entries.map((entry) => [entry.key, pathOf(textOf(entry.value))]));
    if (!isStudent) return plain(value);
    if (key === 'task' && value.kind === 'map') return without(value, 'solution', 'wrong');
    if (key === 'cause' && value.kind === 'map') return this.#question(value);
    if ((key === 'predict' || key === 'transfer') && value.kind === 'list')
      return value.items.map((item) => (item.kind === 'map' ? this.#question(item) : plain(item)));
    return plain(value);
  }

  #question(map: Mapping): Plain {
    const id = textOf(entryOf(map, 'id')?.value);
    const [choices, rules, accept] = ['choices', 'rules', 'accept'].map((key) => entryOf(map, key)?.value);
    const seal = (kind: string, answers: readonly string[]): Plain => ({
      ...{ salt: this.#options.salt, kind },
      hashes: answers.map((answer) => sealOf(this.#options.salt, id, answer)),
    });
    const texts = (tree: Tree | undefined): readonly string[] =>
      tree?.kind === 'list' ? tree.items.map(textOf) : [];
    if (rules !== undefined) return { ...without(map, 'rules'), sealed: seal('rule', texts(rules)) };
    if (accept !== undefined) return { ...without(map, 'accept'), sealed: seal('word', texts(accept)) };
    const right = (choices?.kind === 'map' ? choices.entries : []).filter(
      ({ value }) => value.kind === 'map' && entryOf(value, 'right') !== undefined,
    );
    if (choices?.kind !== 'map' || right.length === 0) return plain(map);
    const open = choices.entries.map(({ key, value }): [string, Plain] => [
      key,
      value.kind === 'map' ? without(value, 'right') : plain(value),
    ]);
    const sealed = seal(
      'choice',
      right.map(({ key }) => key),
    );
    return { ...without(map, 'choices'), choices: Object.fromEntries(open), sealed };
  }
}

/** The text of a copy: JSON, so that it can be read as the original is. Ends with a line feed. */
export function bundledLab(map: Mapping, options: BundleOptions): string {
  return `${JSON.stringify(new Bundler(options).lab(map), null, 2)}\n`;
}
