/** A lab that somebody works on: its nodes, what was answered and typed, and what it comes to. Pure. */
import type { ClusterSpec } from '../cluster/spec.js';
import type { Language } from '../explain/messages/index.js';
import type { Node } from '../packet/node.js';
import type { SnapshotFile } from '../snapshot/places.js';
import { type Judged, judge } from './answer.js';
import type { Ground } from './evaluate.js';
import { type Grade, type Part, gradeRun, transferOf } from './grade.js';
import type { Lab, LabPod, LabWorld, Question, Text } from './lab.js';
import { MOST_JOURNAL, type Run } from './progress.js';
import { Machine } from './shell/machine.js';
import { Shell, type Typed } from './shell/shell.js';

/** The texts that a lab names. */
export interface Material {
  /** The dumps of each node. */
  readonly files: ReadonlyMap<string, readonly SnapshotFile[]>;
  readonly cluster: ClusterSpec | null;
}

/** What a lab says of pods, and what its cluster file says. */
function worldOf({ world }: Lab, cluster: ClusterSpec | null): LabWorld {
  if (cluster === null) return world;
  const own = new Map(world.pods.map((pod) => [pod.name, pod]));
  const pods = cluster.pods.map(({ name, address, node }): LabPod => ({
    ...{ name, address, node, namespace: own.get(name)?.namespace ?? 'default' },
    listens: own.get(name)?.listens ?? [],
  }));
  return {
    ...world,
    pods: [...pods, ...world.pods.filter(({ name }) => !pods.some((pod) => pod.name === name))],
  };
}

/** A question with its place in the run. */
export interface Asked {
  readonly kind: 'predict' | 'cause' | 'transfer';
  readonly question: Question;
  readonly state: Part['state'];
}

export class LabSession {
  readonly lab: Lab;
  readonly shell: Shell;
  readonly start: Ground;
  readonly #cluster: ClusterSpec | null;
  #run: Run;

  /**
   * @param material the dumps of all nodes that the lab names; types again what the run's journal has
   * @param inColour `ip -c` prints marks, which a terminal's writer turns into colours
   */
  constructor(lab: Lab, material: Material, run: Run, language: Language, inColour = false) {
    this.lab = lab;
    this.#run = run;
    this.#cluster = material.cluster;
    const machines = [...material.files].map(([name, files]) => new Machine(name, files));
    const world = worldOf(lab, material.cluster);
    this.shell = new Shell({
      ...{ world, machines, seed: run.seed, language, inColour, cluster: material.cluster },
    });
    const nodes = machines.map(({ name, start }): [string, Node] => [name, start]);
    this.start = { nodes: new Map(nodes), cluster: material.cluster };
    for (const line of run.journal) this.shell.type(line);
  }

  /** The nodes as they are. */
  get now(): Ground {
    const nodes = this.shell.machines.map(({ name, node }): [string, Node] => [name, node]);
    return { nodes: new Map(nodes), cluster: this.#cluster };
  }

  get run(): Run {
    return this.#run;
  }

  /** Types a line on the emulated node; what changed anything is kept in the journal. */
  type(line: string): Typed {
    if (this.#run.journal.length >= MOST_JOURNAL)
      return {
        out: '',
        err: `${this.shell.say('LAB_SH_JOURNAL', { most: MOST_JOURNAL })}\n`,
        status: 1,
        isQuiet: true,
      };
    const typed = this.shell.type(line);
    if (!typed.isQuiet) this.#run = { ...this.#run, journal: [...this.#run.journal, line] };
    return typed;
  }

  /** The questions of this run, in order. */
  get questions(): readonly Asked[] {
    const { predict, cause } = this.lab;
    const transfer = transferOf(this.lab, this.#run.seed);
    const asked = [
      ...predict.map((question) => ({ kind: 'predict' as const, question })),
      { kind: 'cause' as const, question: cause },
      ...(transfer === null ? [] : [{ kind: 'transfer' as const, question: transfer }]),
    ];
    return asked.map((one) => ({ ...one, state: this.#stateOf(one.question) }));
  }

  #stateOf(question: Question): Part['state'] {
    const answers = this.#run.answers.get(question.id) ?? [];
    if (answers.length === 0) return 'open';
    const isRight = answers.some((answer) => judge(this.lab, question, answer, this.start).kind === 'right');
    return isRight ? 'right' : 'wrong';
  }

  /** The question that is to be answered next; null when all are. The transfer comes behind the task. */
  get open(): Asked | null {
    return this.questions.find(({ state }) => state !== 'right') ?? null;
  }

  /** How often the question was answered. */
  tries(question: Question): number {
    return this.#run.answers.get(question.id)?.length ?? 0;
  }

  /** Judges an answer, and keeps it. One that is right already stays so. */
  answer(question: Question, text: string): Judged {
    const judged = judge(this.lab, question, text, this.start);
    if (judged.kind === 'form' || this.#stateOf(question) === 'right') return judged;
    const given = [...(this.#run.answers.get(question.id) ?? []), text.trim()].slice(-50);
    this.#run = { ...this.#run, answers: new Map([...this.#run.answers, [question.id, given]]) };
    return judged;
  }

  /** The next hint; null when all were shown. */
  hint(): Text | null {
    const hint = this.lab.hints[this.#run.hints] ?? null;
    if (hint !== null) this.#run = { ...this.#run, hints: this.#run.hints + 1 };
    return hint;
  }

  grade(): Grade {
    return gradeRun(this.lab, this.#run, this.start, this.now, this.shell.changes);
  }
}
