/**
 * natwalk held against a recording: the entry of the bundle in which faults can be switched on. A check says how the
 * kernel's suite would end: the kind of each comparison, `wrong` among them where the kernel contradicts.
 */
import type { Family } from '../../src/address/address.js';
import { EXTENSIONS } from '../../src/iptables/registry.js';
import type { Node } from '../../src/packet/node.js';
import type { Outcome } from '../../src/packet/result.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { SECTIONS } from '../facts/all.js';
import type { Expected, Fact, FactStep } from '../facts/fact.js';
import { foundInOutcome } from '../facts/hold.js';
import { filesOf } from '../facts/node.js';
import { disagreement } from '../kernel/adapter/agree.js';
import { wrongAnswers } from '../kernel/routing/answers.js';
import { type Sender, play } from '../kernel/soak/flows/play.js';
import { Course } from '../kernel/soak/course.js';
import { compareGroup } from '../kernel/soak/group.js';
import type { Sent } from '../kernel/soak/session.js';
import { plainRead } from '../support/plain-reader.js';
import { askMatches, applyTarget, hookOf, placeOf } from '../support/rule.js';
import type { FormRow, PacketRow, Spec } from '../support/spec.js';
import { scene } from '../support/view.js';
import type {
  RecordedCase,
  RecordedNetwork,
  RecordedSpec,
  RecordedWalks,
  Recording,
  Texts,
} from './recording.js';

/** One question to natwalk whose answer is known. */
export interface Check {
  readonly name: string;
  /** Who confirmed the answer: the kernel and its tools, or a table of this repository. */
  readonly oracle: 'kernel' | 'table';
  /**
   * Asks. The result tells the kinds of the comparisons, one word each; `wrong` is a contradiction.
   * @param loaded is called when the dumps are read
   */
  run(loaded: () => void): Promise<string>;
}

/** The script has gone where nobody asked the kernel. */
class Unrecorded extends Error {}

/** Gives out the observations of a script as long as the same packets are sent. */
function replaying(sent: readonly Sent[]): Sender {
  const left = [...sent];
  return {
    begin: () =>
      Promise.resolve((packet, sequence) => {
        const next = left.shift();
        if (next === undefined || !same([packet, sequence], [next.packet, next.sequence]))
          return Promise.reject(new Unrecorded());
        return Promise.resolve(next.observation);
      }),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What was read or made since the last `forget`: indexes grow in it as it is asked. */
const kept = new Map<object, unknown>();

/** Forgets what was read: another fault is switched on. */
export function forget(): void {
  kept.clear();
}

function keep<T>(key: object, make: () => T): T {
  if (!kept.has(key)) kept.set(key, make());
  // A key stands for one kind of value alone.
  return kept.get(key) as T;
}

function load(texts: Texts, loaded: () => void): Node {
  const node = keep(texts, () => loadNode('recorded', texts));
  loaded();
  return node;
}

function caseChecks({ name, texts, groups, scripts }: RecordedCase): Check[] {
  const tracer = (loaded: () => void): FlowTracer => new FlowTracer(load(texts, loaded), { steps: false });
  const course = (loaded: () => void): Course =>
    new Course(load(texts, loaded), Object.fromEntries(texts.map(({ name: file, text }) => [file, text])));
  return [
    ...groups.map((observations, at): Check => ({
      name: `${name} group ${String(at)}`,
      oracle: 'kernel',
      run: (loaded) =>
        Promise.resolve(
          compareGroup(tracer(loaded), observations, course(loaded))
            .map(({ kind }) => kind)
            .join(' '),
        ),
    })),
    ...scripts.map(({ script, sent }, at): Check => ({
      name: `${name} script ${String(at)}`,
      oracle: 'kernel',
      async run(loaded) {
        try {
          const played = await play(replaying(sent), tracer(loaded), script, course(loaded));
          return played.map(({ kind }) => kind).join(' ');
        } catch (error) {
          if (error instanceof Unrecorded) return 'unrecorded';
          throw error;
        }
      },
    })),
  ];
}

function walkChecks({ name, texts, walks }: RecordedWalks): Check[] {
  return walks.map((observations, at): Check => ({
    name: `${name} walk ${String(at)}`,
    oracle: 'kernel',
    run(loaded) {
      const tracer = new FlowTracer(load(texts, loaded));
      const kinds = observations.map((one) =>
        disagreement(tracer.next(one.sent).outcomes, one) === null ? 'agree' : 'wrong',
      );
      return Promise.resolve(kinds.join(' '));
    },
  }));
}

function networkChecks({ name, network, sysctls, oneTrie, answers }: RecordedNetwork): Check[] {
  return answers.map((asked, at): Check => ({
    name: `${name} question ${String(at)}`,
    oracle: 'kernel',
    run(loaded) {
      const own = keep(network, () => ({
        ...network,
        sysctl: (key: string): string | null => sysctls.get(key) ?? null,
      }));
      loaded();
      return Promise.resolve(wrongAnswers(own, asked, oneTrie).length === 0 ? 'agree' : 'wrong');
    },
  }));
}

function printedAs(rule: string, family: Family): string | null {
  try {
    return plainRead(rule, family).text;
  } catch {
    return null;
  }
}

function formKind({ rule, canonical }: FormRow, families: readonly Family[]): string {
  const fits = families.every(
    (family) =>
      printedAs(rule, family) === canonical &&
      (canonical === null || printedAs(canonical, family) === canonical),
  );
  return fits ? 'agree' : 'wrong';
}

function packetKind(spec: Spec, row: PacketRow, families: readonly Family[]): string {
  const extension = (spec.kind === 'match' ? EXTENSIONS.matches : EXTENSIONS.targets).find(
    ({ name }) => name === spec.name,
  );
  if (extension === undefined) return 'wrong';
  const given =
    /(?:^|\s)family=([46])/.exec(row.packet)?.[1] ??
    (/(?:^|\s)(?:src|dst)=\S*:/.test(row.packet) ? '6' : null);
  const family: Family = given === null ? (families[0] ?? 4) : given === '6' ? 6 : 4;
  const rule = plainRead(row.rule, family);
  const at = scene(row.packet, {
    hook: hookOf(placeOf(row.place, extension).chain),
    family,
    ...(rule.protocol === null ? {} : { protocol: rule.protocol }),
  });
  if (spec.kind === 'target')
    return rule.target !== null && applyTarget(rule.target, at) === row.result ? 'agree' : 'wrong';
  const { answer, reason } = askMatches(rule, at);
  const said = answer === true ? 'yes' : answer === false ? 'no' : 'open';
  return said === row.result && (row.reason === null || row.reason === reason) ? 'agree' : 'wrong';
}

function specChecks({ spec, families }: RecordedSpec): Check[] {
  const { file } = spec;
  const check = (line: number, oracle: Check['oracle'], kind: () => string): Check => ({
    name: `${file}:${String(line)}`,
    oracle,
    run(loaded) {
      loaded();
      return Promise.resolve(kind());
    },
  });
  return [
    ...spec.forms.map((row) =>
      check(row.line, 'kernel', () => formKind(row, row.family === null ? families : [row.family])),
    ),
    ...spec.packets.map((row) => check(row.line, 'table', () => packetKind(spec, row, families))),
  ];
}

function fits(expected: Expected, outcome: Outcome): boolean {
  const { expected: wanted, found } = foundInOutcome(expected, outcome);
  return same(wanted, found);
}

/** What the kernel confirmed has to be among the outcomes, and nothing that it did not. */
function factKind({ expect, because }: FactStep, outcomes: readonly Outcome[]): string {
  const wanted = [expect].flat();
  if (!wanted.every((one) => outcomes.some((outcome) => fits(one, outcome)))) return 'wrong';
  const asked = outcomes.flatMap(({ assumptions }) => assumptions.map(({ code }) => code));
  const all =
    outcomes.every((outcome) => wanted.some((one) => fits(one, outcome))) &&
    asked.every((code) => because.includes(code));
  return all ? 'agree' : 'hedged';
}

/** Facts need no recording: the kernel's suite confirms what they expect. */
function factChecks({ name, node, family, backends, steps }: Fact): Check[] {
  return backends.map((backend): Check => {
    const files = Object.entries(filesOf(node, family, backend));
    const texts = files.map(([file, text]) => ({ name: file, text }));
    return {
      name: `fact ${name}, ${backend}`,
      oracle: 'kernel',
      run(loaded) {
        const made = load(texts, loaded);
        // Without a listener the lookups take short cuts.
        const kinds = [true, false].flatMap((told) => {
          const tracer = new FlowTracer(made, { steps: told });
          return steps.map((step) => factKind(step, tracer.next(step.packet).outcomes));
        });
        return Promise.resolve(kinds.join(' '));
      },
    };
  });
}

/** Every check of a recording, and the facts. */
export function checksOf({ cases, walks, networks, specs }: Recording): Check[] {
  return [
    ...SECTIONS.flatMap(({ facts }) => facts.flatMap(factChecks)),
    ...specs.flatMap(specChecks),
    ...networks.flatMap(networkChecks),
    ...walks.flatMap(walkChecks),
    ...cases.flatMap(caseChecks),
  ];
}
