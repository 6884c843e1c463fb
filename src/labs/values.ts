/** Values of a lab's file by their kind; what is wrong is told with its place. */
import type { Faults } from '../check/reading.js';
import { type List, type Mapping, type Tree, entryOf } from '../check/tree.js';
import { TreeValues } from '../check/values.js';
import { LANGUAGES, type Language } from '../explain/messages/index.js';
import type { Listener, Text } from './lab.js';

const BLANK: Text = { en: '', ko: '' };

/** Reads values; each method tells what is wrong, and returns null or what stands for the value. */
export class Values extends TreeValues {
  constructor(faults: Faults) {
    super(faults, { missing: 'LAB_MISSING', address: 'CHECK_ADDRESS' });
  }

  /** A text in every language; what is missing is '' after it was told. */
  text(map: Mapping, key: string, of: string): Text {
    const tree = this.demanded(map, key, of);
    return tree === null ? BLANK : this.textOf(tree, key);
  }

  textOf(tree: Tree, key: string): Text {
    const words = this.faults.map(tree, key);
    if (words === null) return BLANK;
    this.faults.keys(words, LANGUAGES);
    const of = (language: Language): string => {
      const entry = entryOf(words, language);
      if (entry === undefined) {
        this.faults.tell('LAB_LANGUAGE', words.span, { key, language });
        return '';
      }
      return this.words(entry.value, `${key}.${language}`);
    };
    return { en: of('en'), ko: of('ko') };
  }

  /** What was written, without the blanks at its ends; of a block the lines, unfolded. */
  words(tree: Tree, key: string): string {
    const scalar = this.faults.scalar(tree, key);
    if (scalar === null) return '';
    const text = (typeof scalar.value === 'string' ? scalar.value : scalar.text).trim();
    if (text === '') this.faults.tell('CHECK_NOT_TEXT', scalar.span, { key });
    return text;
  }

  /** The items of a list that has to hold some. */
  items(map: Mapping, key: string, of: string, least: number, most: number): readonly Tree[] {
    const tree = this.demanded(map, key, of);
    const list: List | null = tree === null ? null : this.faults.list(tree, key);
    if (list === null) return [];
    const { length } = list.items;
    if (length < least || length > most)
      this.faults.tell('LAB_COUNT', list.span, { key, count: length, least, most });
    return list.items.slice(0, most);
  }

  /** Words of a list. */
  list(map: Mapping, key: string, of: string, least: number): readonly string[] {
    return this.items(map, key, of, least, 50).flatMap((item) => this.faults.text(item, key) ?? []);
  }

  /** A name that is typed: letters, digits and a few signs. */
  id(text: string, at: Tree['span'], key: string): boolean {
    if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(text)) return true;
    this.faults.tell('LAB_ID', at, { key, text });
    return false;
  }

  /** `[tcp/80, udp/53]`; nothing where the key is left out. */
  listeners(map: Mapping): readonly Listener[] {
    const tree = this.optional(map, 'listens');
    const list = tree === null ? null : this.faults.list(tree, 'listens');
    return (list?.items ?? []).flatMap((item): Listener[] => {
      const text = this.faults.text(item, 'listens');
      if (text === null) return [];
      const [, protocol, digits = ''] = /^(tcp|udp)\/(\d{1,5})$/.exec(text) ?? [];
      const port = Number(digits);
      if ((protocol === 'tcp' || protocol === 'udp') && port > 0 && port <= 65535)
        return [{ protocol, port }];
      this.faults.tell('LAB_LISTENS', item.span, { text });
      return [];
    });
  }
}
