/** Labs as the page shows them: what the engine tells of them, in the words of one language. Nothing in it is markup. */
import type { Piece } from './pieces.js';
import type { Ask, GivenFile } from './protocol.js';
import type { Language } from './walk.js';

/** The texts that labs are made of, by their paths: the labs, cluster files, and the dumps of nodes. */
export type LabTexts = Readonly<Record<string, string>>;

export type LabKind = 'fix' | 'build' | 'questions';

/** What the list says of a lab without reading it. */
export interface LabHead {
  readonly path: string;
  readonly number: number;
  readonly slug: string;
  readonly title: Readonly<Record<Language, string>>;
  readonly minutes: number;
  readonly kind: LabKind;
  readonly isExam: boolean;
}

/** The labs as a part of the page. */
export interface LabsPart {
  readonly heads: readonly LabHead[];
  readonly texts: LabTexts;
}

/** A paragraph, an item of a list, or lines that keep their columns. */
export type Block =
  | { readonly kind: 'text'; readonly indent: number; readonly pieces: readonly Piece[] }
  | { readonly kind: 'item'; readonly mark: string; readonly pieces: readonly Piece[] }
  | { readonly kind: 'rows'; readonly text: string };
export type Prose = readonly Block[];

/** A lab in the list. */
export interface LabLine {
  readonly number: number;
  readonly name: string;
  readonly slug: string;
  readonly title: string;
  readonly minutes: number;
  readonly kind: LabKind;
  readonly isExam: boolean;
  readonly best: number | null;
  readonly begun: boolean;
  readonly passed: boolean;
  readonly isCurrent: boolean;
}

export type PartState = 'open' | 'wrong' | 'right';

/** A wrong answer whose belief a packet refutes. */
export interface Refutation {
  readonly misconception: string;
  readonly belief: string;
  /** The packet's walk up to the step that refutes, as the command prints it. */
  readonly walk: string;
  readonly refuted: Prose;
  readonly packet: string;
}

/** An answer that was given. */
export interface Given {
  readonly text: string;
  readonly isRight: boolean;
  readonly refutation: Refutation | null;
}

/** A rule that the question's packet meets. */
export interface Offer {
  readonly name: string;
  readonly text: string;
}

export type FormView =
  | {
      readonly kind: 'choices';
      readonly choices: readonly { readonly id: string; readonly text: string }[];
    }
  | { readonly kind: 'rule'; readonly offers: readonly Offer[] }
  | { readonly kind: 'word' };

export interface QuestionView {
  readonly id: string;
  readonly ask: Prose;
  readonly form: FormView;
  readonly state: PartState;
  readonly points: string;
  readonly of: string;
  readonly given: readonly Given[];
}

/** A packet of the task. */
export interface PacketLine {
  readonly name: string;
  readonly about: string;
  /** As it was graded; null where it was not, or something changed since. */
  readonly holds: boolean | null;
  /** What is to be said of that. */
  readonly word: string;
  readonly why: readonly string[];
  readonly watch: Watch | null;
}

/** A packet of a lab that can be watched, and on which nodes. */
export interface Watch {
  readonly packet: string;
  readonly nodes: readonly string[];
}

export interface TaskView {
  readonly kind: 'fix' | 'build';
  readonly text: Prose;
  readonly goals: readonly PacketLine[];
  readonly collateral: readonly PacketLine[];
  readonly budget: number;
  readonly made: number;
  readonly state: PartState;
  readonly points: string;
  readonly of: string;
  /** Lines that were typed and changed something, or sent something. */
  readonly journal: readonly string[];
  /** What was asked for instead of being found; null as long as it was not. */
  readonly solution: readonly string[] | null;
}

/** The whole of a lab as it stands. */
export interface LabView {
  readonly language: Language;
  readonly number: number;
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly scene: Prose;
  readonly look: readonly string[];
  readonly hostnames: readonly string[];
  readonly predict: readonly QuestionView[];
  /** Once every prediction is right. */
  readonly reveal: {
    readonly walk: string;
    readonly text: Prose;
    readonly watch: Watch | null;
  } | null;
  readonly cause: QuestionView;
  /** Once the cause is right. */
  readonly explain: { readonly text: Prose; readonly sources: readonly string[] } | null;
  readonly task: TaskView | null;
  readonly transfer: QuestionView | null;
  readonly hints: { readonly shown: readonly Prose[]; readonly count: number; readonly cost: number };
  /** Every packet that the lab speaks of. */
  readonly packets: readonly PacketLine[];
  readonly score: number;
  readonly mark: number;
  readonly best: number | null;
  /** What a grade says; null before one was asked for, or when something changed since. */
  readonly verdict: { readonly passed: boolean; readonly texts: readonly string[] } | null;
  readonly prompt: string;
}

/** Why a progress file was not taken. */
export type ImportFault =
  | { readonly kind: 'newer'; readonly version: number; readonly known: number }
  | { readonly kind: 'damaged'; readonly place: string };

/** What every call about labs gives besides its own: what is to be kept. */
export interface Kept {
  readonly labs: readonly LabLine[];
  /** The progress file's text. */
  readonly document: string;
  /** Anything was begun. */
  readonly isBegun: boolean;
}

/** What was typed on the emulated node, and what it said. */
export interface TypedView {
  readonly out: string;
  readonly err: string;
  readonly prompt: string;
  /** The node has changed, or something was sent. */
  readonly isQuiet: boolean;
}

/** A lab's packet with the node that it walks, for the view of walks. */
export interface WatchView {
  readonly title: string;
  readonly about: string;
  readonly node: string;
  readonly files: readonly GivenFile[];
  readonly ask: Ask;
  /** Steps of the engine up to the one that refutes; null to begin at the first. */
  readonly steps: number | null;
}

/** The node as the lab begins, or as the student has left it. */
export type When = 'start' | 'now';

type Told = Kept & { readonly lab: LabView };

/** Requests about labs by their names. */
export interface LabCalls {
  /** Takes the labs in, with the progress that was kept. */
  labs: {
    readonly takes: {
      readonly part: LabsPart;
      readonly document: string | null;
      readonly language: Language;
    };
    readonly gives: Kept & { readonly fault: ImportFault | null };
  };
  /** The list again: in another language. */
  labsList: { readonly takes: { readonly language: Language }; readonly gives: Kept };
  /** Opens a lab by number, slug or name; null where there is none. */
  lab: {
    readonly takes: { readonly which: string; readonly language: Language };
    readonly gives: Told | null;
  };
  labAnswer: {
    readonly takes: { readonly question: string; readonly answer: string; readonly language: Language };
    /** `problem`: the answer has not the form of one, and did not count. */
    readonly gives: Told & { readonly problem: string | null };
  };
  labHint: { readonly takes: { readonly language: Language }; readonly gives: Told };
  labType: {
    readonly takes: { readonly line: string; readonly language: Language };
    readonly gives: Told & { readonly typed: TypedView };
  };
  labGrade: { readonly takes: { readonly language: Language }; readonly gives: Told };
  labSolution: { readonly takes: { readonly language: Language }; readonly gives: Told };
  labReset: { readonly takes: { readonly language: Language }; readonly gives: Told };
  labWatch: {
    readonly takes: {
      readonly packet: string;
      readonly node: string | null;
      readonly when: When;
      readonly misconception: string | null;
      readonly language: Language;
    };
    readonly gives: WatchView | null;
  };
  /** Takes a progress file in: what it has of a lab takes the place of what was there. */
  labsImport: {
    readonly takes: { readonly document: string; readonly language: Language };
    readonly gives: Kept & {
      readonly fault: ImportFault | null;
      readonly count: number;
      /** The document from before, for who wants it back. */
      readonly before: string;
    };
  };
  /** The same document as a whole: to undo an import. */
  labsRestore: {
    readonly takes: { readonly document: string; readonly language: Language };
    readonly gives: Kept;
  };
  /** What is to be written over `stored`: another window may have written since. */
  labsMerge: {
    readonly takes: { readonly stored: string | null };
    readonly gives: { readonly document: string; readonly fault: ImportFault | null };
  };
}
