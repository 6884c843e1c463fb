/**
 * A walk as the page shows it: plain data in the words of one language, made by the engine's worker, and what a shared
 * link holds. Nothing in it is markup.
 */

export type Language = 'en' | 'ko';

/** What a colour says; never said by colour alone. */
export type Meaning = 'good' | 'bad' | 'change' | 'unknown' | 'name' | 'dim' | 'strong';

/** A label with its text, as under the answer. */
export interface Told {
  readonly label: string;
  readonly text: string;
  readonly meaning: Meaning | null;
}

export const HOOKS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
export type HookName = (typeof HOOKS)[number];

/** A place of the diagram. */
export type StationId =
  HookName | 'in' | 'out' | 'local' | 'route-input' | 'route-output' | 'reroute' | 'forward';

/** The header and what the kernel keeps beside it. */
export interface PacketState {
  readonly src: string;
  readonly dst: string;
  readonly ttl: string;
  readonly tos: string;
  readonly mark: string;
  readonly ct: string;
  readonly ctmark: string;
  readonly in: string;
  readonly out: string;
  readonly via: string;
}
export type StateField = keyof PacketState;

/** A chain by its table. */
export interface ChainName {
  readonly table: string;
  readonly chain: string;
  readonly backend?: 'legacy' | 'nft' | undefined;
}

/** What becomes of a line of `ip rule`, or of a route, in a lookup. */
export type TriedState = 'decided' | 'passed' | 'missed' | 'unreached';

export interface RouteLine {
  readonly text: string;
  /** As the tool prints it. */
  readonly line: string;
  readonly state: TriedState;
  readonly reason: string;
  /** `file:line`; null for what no dump shows. */
  readonly place: string | null;
  /** The line can be changed in a what-if. */
  readonly edit: EditTarget | null;
}

/** A FIB lookup. */
export interface RouteView {
  readonly title: string;
  readonly rules: readonly RouteLine[];
  /** The table that was looked up, with the route that won and those it was chosen from. */
  readonly table: string | null;
  readonly routes: readonly RouteLine[];
  /** Routes that are not listed. */
  readonly more: number;
  readonly result: string;
  /** What the lookup would have said without the mark. */
  readonly otherwise: string | null;
}

/** What may be changed in a what-if; of a cluster, on which of its nodes. */
export type EditTarget = NodeTarget & { readonly node?: string | undefined };

type NodeTarget =
  | {
      readonly kind: 'rule';
      readonly family: 4 | 6;
      readonly place: ChainName;
      readonly file: string;
      readonly line: number;
    }
  | { readonly kind: 'policy-rule'; readonly family: 4 | 6; readonly file: string; readonly line: number }
  | {
      readonly kind: 'route';
      readonly family: 4 | 6;
      readonly table: number;
      readonly file: string;
      readonly line: number;
    }
  | { readonly kind: 'policy'; readonly family: 4 | 6; readonly place: ChainName }
  | { readonly kind: 'sysctl'; readonly name: string }
  /** A rule that a command adds: the text is the command. The number tells one from another. */
  | { readonly kind: 'added'; readonly number: number };

/** One change: the text that stands in the place of what is there; null takes it out. */
export interface Edit {
  readonly target: EditTarget;
  readonly text: string | null;
  /** What stood there, for people. */
  readonly was: string;
}

/** An open question of a rule that the user may settle. */
export interface OpenRule {
  /** As `--assume` takes it. */
  readonly reference: string;
  readonly question: string;
}

/** One decision of the walk. */
export interface StepView {
  /** Index among the engine's steps. */
  readonly at: number;
  readonly group: string;
  readonly place: string;
  readonly depth: number;
  /** `2/3`, or `-`. */
  readonly rule: string;
  readonly result: string;
  readonly meaning: Meaning | null;
  readonly changes: readonly string[];
  readonly station: StationId;
  /** Which of the station's functions; -1 for none. */
  readonly slot: number;
  readonly state: PacketState;
  readonly changed: readonly StateField[];
  /** The chain whose rules stand beside the step. */
  readonly chain: ChainName | null;
  readonly route: RouteView | null;
  /** What may be changed here besides rules and routes. */
  readonly settings: readonly { readonly target: EditTarget; readonly text: string }[];
  readonly open: OpenRule | null;
}

/** A function at a hook: a table, a native chain, conntrack. */
export interface Slot {
  readonly label: string;
  readonly native: boolean;
  /** The first step in it; -1 when the packet does not come to it, or nothing happens there. */
  readonly step: number;
  readonly met: 'walked' | 'empty' | 'skipped' | 'not-met';
}

export interface Station {
  readonly id: StationId;
  readonly slots: readonly Slot[];
  /** The first step at it; -1 when the packet does not come by. */
  readonly step: number;
}

/** The way of one packet: the asked one, its answer, or one of its connection. */
export interface LegView {
  readonly name: string;
  readonly title: string;
  readonly from: string;
  readonly word: string;
  readonly meaning: Meaning;
  readonly rest: string;
  readonly reasons: readonly Told[];
  readonly certainty: readonly Told[];
  readonly stations: readonly Station[];
  /** The stations in the order in which the packet passes them. */
  readonly way: readonly StationId[];
  readonly end: 'out' | 'local' | 'lost';
  readonly start: PacketState;
  readonly steps: readonly StepView[];
  readonly counts: string;
}

/** A place on the map of a way across nodes. */
export interface PathPlace {
  readonly kind: string;
  /** Empty where there is but one of the kind. */
  readonly name: string;
  /** What such a place is called. */
  readonly word: string;
  readonly label: string;
}

/** What happens to the packet at a place. */
export interface PathHopView {
  /** Among the places of the map. */
  readonly place: number;
  readonly back: boolean;
  /** How many tunnels the packet is in. */
  readonly layer: number;
  /** The node's own walk, among the legs; -1 where the place is no node. */
  readonly leg: number;
  readonly through: string;
  readonly before: string;
  readonly after: string;
  readonly changes: readonly string[];
  readonly why: string;
  readonly lost: boolean;
}

/** A way across nodes and the network between them, there and back. */
export interface PathView {
  readonly title: string;
  /** The sender first. */
  readonly places: readonly PathPlace[];
  readonly hops: readonly PathHopView[];
  readonly end: string;
  readonly reasons: readonly string[];
}

/** An outcome in one line. */
export interface Headline {
  /** `33.3 %`, or what an assumption is called; null when there is one outcome and nothing is open. */
  readonly chance: string | null;
  readonly word: string;
  readonly meaning: Meaning;
  readonly rest: string;
}

export interface OutcomeView extends Headline {
  /** Where it parts from the first outcome. */
  readonly parts: string | null;
  /** The endpoint that may be picked; null where there is none to pick. */
  readonly pick: string | null;
  readonly open: readonly OpenRule[];
  readonly legs: readonly LegView[];
  /** Of a cluster: its legs are the walks of the nodes. */
  readonly path?: PathView | undefined;
}

export interface WalkView {
  readonly language: Language;
  readonly outcomes: readonly OutcomeView[];
  readonly truncated: string | null;
  /** What the edits change about the answer; null without edits. */
  readonly changed: {
    readonly same: boolean;
    readonly texts: readonly string[];
    /** How the packet ends without them. */
    readonly before?: readonly Headline[] | undefined;
    /** The edits in words: who opens a shared walk is told what is not as the dump has it. */
    readonly edits?: readonly string[] | undefined;
  } | null;
  /** What was settled in vain, and other findings about the question. */
  readonly notes: readonly string[];
}

export type RuleState = 'matched' | 'missed' | 'maybe' | 'unreached';

/** A rule of a chain, and what became of it in one stay of the packet. */
export interface RuleLine {
  readonly number: number;
  readonly text: string;
  readonly place: string;
  readonly state: RuleState;
  /** Of a missed one why; of a matched one what it did. */
  readonly reason: string;
  /** The step of the walk at which it matched; -1 for none. */
  readonly step: number;
  readonly owner: string;
  readonly reference: string;
  readonly edit: EditTarget | null;
  /** It is not as the dump has it. */
  readonly edited: boolean;
}

export interface ChainView {
  readonly title: string;
  readonly policy: string | null;
  readonly policyEdit: EditTarget | null;
  readonly counts: Readonly<Record<RuleState, number>>;
  /** Rules of the chain. */
  readonly total: number;
  /** Rules that pass the filter. */
  readonly shown: number;
  /** Where `rows` begin among those. */
  readonly from: number;
  /** Place of the rule of the asked step among those that pass the filter; -1 for none. */
  readonly focus: number;
  readonly rows: readonly RuleLine[];
}
