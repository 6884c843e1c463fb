/** A lab, read: texts, packets, questions and a task. What is right is found by walking, not by reading. */
import type { Allowed } from '../check/compare.js';
import type { Expectation } from '../check/expectation.js';
import type { PacketSpec } from '../check/packet.js';
import type { RuleName } from '../check/rule-name.js';
import type { Address } from '../address/address.js';
import type { Language } from '../explain/messages/index.js';
import type { SourceText, Span } from '../source/source.js';
import type { PathExpectation, PathSpec } from './across.js';

/** What a student reads, in every language. */
export type Text = Readonly<Record<Language, string>>;

/** A snapshot that a lab names. */
export interface LabNode {
  readonly name: string;
  /** As written, relative to the lab's file. */
  readonly path: string;
  readonly span: Span;
}

/** A port that somebody listens on. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** A pod as kubectl and ping know it. */
export interface LabPod {
  readonly name: string;
  readonly namespace: string;
  readonly address: Address;
  /** Name of its node. */
  readonly node: string;
  readonly listens: readonly Listener[];
}

export interface LabService {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  readonly address: string;
  /** As kubectl prints it where there is one. */
  readonly external: string | null;
  readonly ports: readonly string[];
}

/** Somebody beyond the nodes, with the name that dig knows. */
export interface LabHost {
  readonly name: string;
  readonly address: Address;
  readonly listens: readonly Listener[];
  /** What it answers over HTTP: `source` is the address that the request came from. */
  readonly says: string | null;
  /** It is reached by a VPN or a peering, not by the internet gateway: every source comes there as it is. */
  readonly isPrivate: boolean;
}

/** What the emulated node knows beside its dumps. */
export interface LabWorld {
  readonly hostname: string | null;
  readonly pods: readonly LabPod[];
  readonly services: readonly LabService[];
  readonly hosts: readonly LabHost[];
  /** What processes of the node listen on. */
  readonly listens: readonly Listener[];
  /** Translations 1:1 on the way to the internet; null: it answers whatever source comes. */
  readonly public: ReadonlyMap<Address, Address> | null;
}

/** A packet that the lab speaks of. */
export interface LabPacket {
  readonly name: string;
  readonly span: Span;
  readonly about: Text;
  /** Name of the node that it comes to; '' for a way across nodes. */
  readonly node: string;
  readonly packet: PacketSpec | null;
  readonly path: PathSpec | null;
  readonly expect: Expectation | null;
  readonly expectPath: PathExpectation | null;
  readonly allowed: Allowed;
}

export interface Choice {
  readonly id: string;
  readonly span: Span;
  readonly text: Text;
  /** Holds for the question's packet if the choice is right. */
  readonly expect: Expectation | null;
  readonly expectPath: PathExpectation | null;
  /** The author says that it is right. */
  readonly right: boolean;
  /** Id of the misconception behind it. */
  readonly believes: string | null;
}

/** Answers that a student's copy of a lab can check and not show. */
export interface Sealed {
  readonly salt: string;
  readonly hashes: readonly string[];
}

/** A rule that is right, as the author writes it. */
export interface NamedRule {
  readonly name: RuleName;
  readonly text: string;
  readonly span: Span;
}

export type QuestionForm =
  | { readonly kind: 'choices'; readonly choices: readonly Choice[]; readonly sealed: Sealed | null }
  | { readonly kind: 'rule'; readonly rules: readonly NamedRule[]; readonly sealed: Sealed | null }
  | { readonly kind: 'word'; readonly accept: readonly string[]; readonly sealed: Sealed | null };

export interface Question {
  readonly id: string;
  readonly span: Span;
  readonly ask: Text;
  /** Name of the packet that it is about, or null. */
  readonly packet: string | null;
  readonly form: QuestionForm;
}

/** A belief, and the packet that refutes it. */
export interface Misconception {
  readonly id: string;
  readonly span: Span;
  readonly belief: Text;
  readonly packet: string;
  /** Does not hold. */
  readonly claims: Expectation;
  /** Holds. */
  readonly shows: Expectation;
  /** Where the reveal stops. */
  readonly stop: NamedRule | null;
  readonly refuted: Text;
}

/** A fix that seems to help, and the packets that it harms. */
export interface WrongFix {
  readonly span: Span;
  readonly commands: readonly string[];
  readonly fails: readonly string[];
  readonly why: Text;
}

export interface Task {
  readonly span: Span;
  readonly kind: 'fix' | 'build';
  readonly text: Text;
  readonly goals: readonly string[];
  readonly collateral: readonly string[];
  /** The most commands that change something. */
  readonly budget: number;
  /** Empty in a student's copy. */
  readonly solution: readonly string[];
  readonly wrong: readonly WrongFix[];
}

export interface Lab {
  readonly path: string;
  readonly source: SourceText;
  readonly number: number;
  readonly slug: string;
  readonly title: Text;
  readonly minutes: number;
  /** The first is the one that the student is logged in to. Empty where a cluster file names them. */
  readonly nodes: readonly LabNode[];
  /** A cluster file, relative to the lab's. */
  readonly cluster: { readonly path: string; readonly span: Span } | null;
  readonly world: LabWorld;
  readonly scene: Text;
  readonly look: readonly { readonly command: string; readonly span: Span }[];
  readonly packets: ReadonlyMap<string, LabPacket>;
  readonly predict: readonly Question[];
  readonly reveal: { readonly packet: string; readonly text: Text };
  readonly cause: Question;
  readonly explain: Text;
  readonly misconceptions: ReadonlyMap<string, Misconception>;
  readonly task: Task | null;
  readonly transfer: readonly Question[];
  readonly hints: readonly Text[];
  readonly sources: readonly string[];
  /** A student's copy: what is right is sealed, and there is no solution. */
  readonly isSealed: boolean;
}

/** Every question in the order in which it is asked. */
export function questionsOf({ predict, cause, transfer }: Lab): readonly Question[] {
  return [...predict, cause, ...transfer];
}

/** `06-pod-to-internet`. */
export function labName({ number, slug }: Lab): string {
  return `${String(number).padStart(2, '0')}-${slug}`;
}
