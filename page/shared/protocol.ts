/** What the page and its worker tell each other. */
import type { LabCalls } from './labs.js';
import type { SlicedWalk } from './slice.js';
import type { ChainView, Edit, Language, RuleState, WalkView } from './walk.js';

/** A text that was pasted, or a file with its bytes. */
export type GivenFile =
  { readonly name: string; readonly text: string } | { readonly name: string; readonly bytes: Uint8Array };

/** The packet as the form has it: every field a text, empty for what is left open. */
export interface PacketForm {
  readonly from: string;
  readonly to: string;
  readonly proto: string;
  readonly in: string;
  readonly mark: string;
  readonly tcpFlags: string;
  readonly icmp: string;
  readonly ttl: string;
  readonly uid: string;
  readonly gid?: string;
  readonly ct: string;
}

/** A question: a packet, what is settled, what is otherwise. */
export interface Ask {
  readonly packet: PacketForm;
  readonly settled: readonly string[];
  readonly pick: string | null;
  readonly edits: readonly Edit[];
  /** Walk the whole connection, not the packet and its answer alone. */
  readonly flow: boolean;
}

/** Where a row of rules is asked for: the way of an outcome, and a step of it. */
export interface ChainAsk {
  readonly ask: Ask;
  readonly outcome: number;
  readonly leg: number;
  readonly step: number;
  readonly filter: string;
  readonly only: RuleState | null;
  readonly from: number;
  readonly count: number;
}

/** A finding about what was read. */
export interface FindingView {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly why: string;
  readonly advice: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** The line with the marked part in three pieces. */
  readonly frame: { readonly before: string; readonly marked: string; readonly after: string } | null;
}

/** A kind of listing that was recognised. */
export interface HeldView {
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly lines: number;
}

export interface Loaded {
  readonly name: string;
  /** Nothing of it could be read. */
  readonly isEmpty: boolean;
  readonly held: readonly HeldView[];
  readonly findings: readonly FindingView[];
  readonly moreFindings: number;
  readonly errors: number;
  readonly warnings: number;
  /** Nodes to choose from; one or none when there is no choice. */
  readonly nodes: readonly { readonly name: string; readonly lines: number }[];
  readonly chosen: string | null;
  readonly interfaces: readonly string[];
  /** A packet to begin with. */
  readonly example: PacketForm;
  readonly rules: number;
  /** Several nodes, and the network between them. */
  readonly isCluster: boolean;
  readonly digest: string;
}

/** What is wrong with the form, by its fields. */
export interface FormProblem {
  readonly field: keyof PacketForm | null;
  readonly text: string;
  readonly advice: string;
}

export type TraceAnswer =
  | { readonly kind: 'walk'; readonly walk: WalkView }
  | { readonly kind: 'form'; readonly problems: readonly FormProblem[] }
  | { readonly kind: 'edit'; readonly edit: number; readonly findings: readonly FindingView[] };

export type ExportFormat = 'json' | 'pcap' | 'text' | 'mermaid';

/** Requests by their names, each with what it takes and gives. */
export interface Calls extends LabCalls {
  load: {
    readonly takes: {
      readonly name: string;
      readonly files: readonly GivenFile[];
      readonly which: string | null;
      readonly language: Language;
    };
    readonly gives: Loaded;
  };
  /** The same node again, in another language or another of the nodes. */
  reload: {
    readonly takes: { readonly which: string | null; readonly language: Language };
    readonly gives: Loaded;
  };
  trace: {
    readonly takes: { readonly ask: Ask; readonly language: Language };
    readonly gives: TraceAnswer;
  };
  chain: {
    readonly takes: ChainAsk & { readonly language: Language };
    readonly gives: ChainView | null;
  };
  why: {
    readonly takes: {
      readonly ask: Ask;
      /** Which walk of the node it is about, on a way across nodes. */
      readonly outcome: number;
      readonly leg: number;
      readonly reference: string;
      readonly language: Language;
    };
    readonly gives: string;
  };
  /** What of a walk a link holds, and the names in it that may be hidden. */
  slice: {
    readonly takes: { readonly ask: Ask; readonly outcome: number; readonly language: Language };
    readonly gives: { readonly sliced: SlicedWalk; readonly names: readonly string[] };
  };
  suggest: {
    readonly takes: { readonly text: string };
    readonly gives: readonly { readonly value: string; readonly label: string }[];
  };
  export: {
    readonly takes: { readonly ask: Ask; readonly format: ExportFormat; readonly language: Language };
    readonly gives: { readonly name: string; readonly type: string; readonly bytes: Uint8Array };
  };
}
export type CallName = keyof Calls;

export interface Request<Name extends CallName = CallName> {
  readonly id: number;
  readonly call: Name;
  readonly takes: Calls[Name]['takes'];
}

export type Reply =
  | { readonly id: number; readonly gives: unknown }
  | { readonly id: number; readonly failed: string }
  | { readonly progress: Progress };

/** How far loading has come; `done` of `all`, or no `all` where that is not known. */
export interface Progress {
  readonly stage: 'unpack' | 'read';
  readonly done: number;
  readonly all: number | null;
}
