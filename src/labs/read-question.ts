/** Questions of a lab, and the beliefs behind wrong answers. */
import { type Expectation, readExpectation } from '../check/expectation.js';
import { readRuleName } from '../check/rule-name.js';
import { type Mapping, type Tree, entryOf } from '../check/tree.js';
import { readPathExpectation } from './across.js';
import type { Choice, LabPacket, Misconception, NamedRule, Question, QuestionForm, Sealed } from './lab.js';
import type { Values } from './values.js';

export const QUESTION_KEYS = ['id', 'ask', 'packet', 'choices', 'rules', 'accept', 'sealed'] as const;
export const CHOICE_KEYS = ['text', 'expect', 'right', 'believes'] as const;
export const MISCONCEPTION_KEYS = ['belief', 'packet', 'claims', 'shows', 'stop', 'refuted'] as const;

/** Digests of right answers stand in these forms in a student's copy. */
const SEALED_KEYS = ['salt', 'hashes', 'kind'] as const;

/** Reads questions; the packets of the lab are known. */
export class QuestionReader {
  readonly #values: Values;
  readonly #packets: ReadonlyMap<string, LabPacket>;
  readonly #ids = new Map<string, Question['span']>();
  /** Misconceptions that choices name. */
  readonly believed = new Map<string, Question['span']>();

  constructor(values: Values, packets: ReadonlyMap<string, LabPacket>) {
    this.#values = values;
    this.#packets = packets;
  }

  /** A name of `packets:`. */
  packet(tree: Tree): LabPacket | null {
    const { faults } = this.#values;
    const name = faults.text(tree, 'packet');
    if (name === null) return null;
    const found = this.#packets.get(name);
    if (found === undefined)
      faults.tell('LAB_NO_PACKET', tree.span, { name, names: [...this.#packets.keys()].join(', ') });
    return found ?? null;
  }

  rule(tree: Tree, key: string): NamedRule | null {
    const text = this.#values.faults.text(tree, key);
    const name = text === null ? null : readRuleName(text);
    if (text !== null && name === null) this.#values.faults.tell('CHECK_RULE_NAME', tree.span, { text });
    return text === null || name === null ? null : { name, text, span: tree.span };
  }

  question(tree: Tree, key: string): Question | null {
    const { faults } = this.#values;
    const map = faults.map(tree, key);
    if (map === null) return null;
    faults.keys(map, QUESTION_KEYS);
    const ask = this.#values.text(map, 'ask', 'question');
    const id = this.#id(map);
    const named = this.#values.optional(map, 'packet');
    const packet = named === null ? null : this.packet(named);
    const form = this.#form(map, packet);
    if (id === null || form === null) return null;
    return { id, span: map.span, ask, packet: packet?.name ?? null, form };
  }

  #id(map: Mapping): string | null {
    const tree = this.#values.demanded(map, 'id', 'question');
    const id = tree === null ? null : this.#values.faults.text(tree, 'id');
    if (tree === null || id === null || !this.#values.id(id, tree.span, 'id')) return null;
    const first = this.#ids.get(id);
    if (first !== undefined) this.#values.faults.tell('LAB_TWICE', tree.span, { key: 'id', name: id }, first);
    this.#ids.set(id, tree.span);
    return id;
  }

  #form(map: Mapping, packet: LabPacket | null): QuestionForm | null {
    const { faults } = this.#values;
    const given = (['choices', 'rules', 'accept'] as const).filter((key) => entryOf(map, key) !== undefined);
    const seal = this.#values.optional(map, 'sealed');
    const sealed = seal === null ? null : this.#sealed(seal);
    const [only, second] = given;
    if (second !== undefined || (only === undefined && sealed === null)) {
      faults.tell('LAB_FORM', map.span, { forms: 'choices, rules, accept' });
      return null;
    }
    if (only === 'choices') return this.#choices(map, packet, sealed?.sealed ?? null);
    if (only === undefined)
      return sealed?.kind === 'rule'
        ? { kind: 'rule', rules: [], sealed: sealed.sealed }
        : { kind: 'word', accept: [], sealed: sealed?.sealed ?? null };
    if (only === 'accept')
      return { kind: 'word', accept: this.#values.list(map, 'accept', 'question', 1), sealed: null };
    if (packet === null) faults.tell('LAB_MISSING', map.span, { key: 'packet', of: 'question' });
    const rules = this.#values.items(map, 'rules', 'question', 1, 20);
    return { kind: 'rule', rules: rules.flatMap((rule) => this.rule(rule, 'rules') ?? []), sealed: null };
  }

  #sealed(tree: Tree): { readonly sealed: Sealed; readonly kind: string } | null {
    const { faults } = this.#values;
    const map = faults.map(tree, 'sealed');
    if (map === null) return null;
    faults.keys(map, SEALED_KEYS);
    const salt = this.#values.demanded(map, 'salt', 'sealed');
    const kind = this.#values.demanded(map, 'kind', 'sealed');
    const text = salt === null ? null : faults.text(salt, 'salt');
    const word = kind === null ? null : faults.choice(kind, 'kind', ['choice', 'rule', 'word']);
    const hashes = this.#values.list(map, 'hashes', 'sealed', 1);
    return text === null || word === null ? null : { sealed: { salt: text, hashes }, kind: word };
  }

  #choices(map: Mapping, packet: LabPacket | null, sealed: Sealed | null): QuestionForm | null {
    const { faults } = this.#values;
    const list = this.#values.demanded(map, 'choices', 'question');
    const choices = list === null ? null : faults.map(list, 'choices');
    if (choices === null) return null;
    if (choices.entries.length < 2 || choices.entries.length > 9)
      faults.tell('LAB_COUNT', choices.span, {
        ...{ key: 'choices', count: choices.entries.length, least: 2, most: 9 },
      });
    const read = choices.entries.flatMap(({ key, keySpan, value }): Choice[] => {
      if (!this.#values.id(key, keySpan, 'choices')) return [];
      return this.#choice(key, value, packet) ?? [];
    });
    this.#demandRight(map, read, packet, sealed);
    return { kind: 'choices', choices: read, sealed };
  }

  /** Either each choice has an expectation, or one is said to be right. */
  #demandRight(
    map: Mapping,
    choices: readonly Choice[],
    packet: LabPacket | null,
    sealed: Sealed | null,
  ): void {
    const { faults } = this.#values;
    const told = choices.filter(({ expect, expectPath }) => expect !== null || expectPath !== null);
    const right = choices.filter((choice) => choice.right);
    if (told.length > 0 && packet === null)
      faults.tell('LAB_MISSING', map.span, { key: 'packet', of: 'question' });
    const isTold = told.length === choices.length && right.length === 0;
    const isSaid = told.length === 0 && (right.length === 1 || sealed !== null);
    if (!isTold && !isSaid) faults.tell('LAB_RIGHT', map.span);
  }

  #choice(id: string, tree: Tree, packet: LabPacket | null): Choice[] | null {
    const { faults } = this.#values;
    const map = faults.map(tree, id);
    if (map === null) return null;
    faults.keys(map, CHOICE_KEYS);
    const text = this.#values.text(map, 'text', 'choice');
    const wanted = this.#values.optional(map, 'expect');
    const isPath = packet !== null && packet.path !== null;
    const right = this.#values.optional(map, 'right');
    const believes = this.#values.optional(map, 'believes');
    const belief = believes === null ? null : faults.text(believes, 'believes');
    if (belief !== null && believes !== null) this.believed.set(belief, believes.span);
    return [
      {
        ...{ id, span: map.span, text, believes: belief },
        expect: wanted === null || isPath ? null : readExpectation(wanted, faults),
        expectPath: wanted === null || !isPath ? null : readPathExpectation(wanted, faults),
        right: right !== null && faults.choice(right, 'right', ['true', 'false']) === 'true',
      },
    ];
  }

  misconception(id: string, idSpan: Question['span'], tree: Tree): Misconception | null {
    const { faults } = this.#values;
    const map = faults.map(tree, id);
    if (map === null || !this.#values.id(id, idSpan, 'misconceptions')) return null;
    faults.keys(map, MISCONCEPTION_KEYS);
    const [belief, refuted] = [
      this.#values.text(map, 'belief', 'misconception'),
      this.#values.text(map, 'refuted', 'misconception'),
    ];
    const named = this.#values.demanded(map, 'packet', 'misconception');
    const packet = named === null ? null : this.packet(named);
    const expectation = (key: 'claims' | 'shows'): Expectation | null => {
      const wanted = this.#values.demanded(map, key, 'misconception');
      return wanted === null ? null : readExpectation(wanted, faults);
    };
    const [claims, shows] = [expectation('claims'), expectation('shows')];
    const stop = this.#values.optional(map, 'stop');
    const rule = stop === null ? null : this.rule(stop, 'stop');
    if (packet === null || claims === null || shows === null) return null;
    if (packet.path !== null) faults.tell('LAB_NOT_ACROSS', map.span, { name: packet.name });
    return { id, span: idSpan, belief, packet: packet.name, claims, shows, stop: rule, refuted };
  }
}
