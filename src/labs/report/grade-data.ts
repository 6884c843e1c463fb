/** A grade for programs: JSON (schema natwalk/lab/1), and JUnit for those that collect results. */
import { type View, viewOf } from '../../explain/view.js';
import { type Grade, PASS_MARK, type PartKind } from '../grade.js';
import { failureWords, packetWords, wordsOf } from './words.js';

/** Fields may be added; those here keep their name and meaning. */
export interface LabJson {
  readonly schema: 'natwalk/lab/1';
  readonly lab: { readonly number: number; readonly name: string; readonly title: string };
  readonly score: number;
  readonly mark: number;
  readonly passed: boolean;
  readonly hints: number;
  readonly parts: readonly {
    readonly kind: PartKind;
    readonly id: string;
    readonly points: number;
    readonly of: number;
    readonly tries: number;
    readonly state: 'open' | 'wrong' | 'right';
  }[];
  readonly packets: readonly {
    readonly name: string;
    readonly role: 'goal' | 'collateral';
    readonly holds: boolean;
    readonly failures: readonly { readonly key: string; readonly text: string }[];
  }[];
  readonly changes: { readonly made: number; readonly budget: number } | null;
}

/** Ready for JSON.stringify; its words are English. */
export function labJson(grade: Grade): LabJson {
  const view = viewOf();
  const { lab, name, score, passed, hints, parts, packets, changes } = grade;
  return {
    schema: 'natwalk/lab/1',
    lab: { number: lab.number, name, title: lab.title.en },
    ...{ score, mark: PASS_MARK, passed, hints },
    parts: parts.map(({ kind, id, points, of, tries, state }) => ({
      ...{ kind, id, points: Number(points.toFixed(2)), of: Number(of.toFixed(2)), tries, state },
    })),
    packets: packets.map(({ packet, role, failures }) => ({
      ...{ name: packet.name, role, holds: failures.length === 0 },
      failures: failures.map((failure) => ({ key: failure.key, text: failureWords(failure, view) })),
    })),
    changes,
  };
}

/** What XML does not take, or gives a meaning to. */
function escaped(text: string): string {
  const plain = [...text].filter((character) =>
    /[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(character),
  );
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\n': '&#10;',
    '\t': '&#9;',
    '\r': '&#13;',
  };
  return plain.map((character) => names[character] ?? character).join('');
}

interface Case {
  readonly name: string;
  /** Null: it passed. */
  readonly failure: string | null;
}

function casesOf({ parts, packets }: Grade, view: View): readonly Case[] {
  return [
    ...parts.map(({ kind, id, points, of, state }): Case => {
      const failure =
        state === 'right'
          ? null
          : `${state}: ${String(Number(points.toFixed(1)))} of ${String(Number(of.toFixed(1)))} points`;
      return { name: kind === 'task' ? 'task' : `${kind} ${id}`, failure };
    }),
    ...packets.map(({ packet, failures }): Case => ({
      name: `packet ${packetWords(packet, view)}`,
      failure:
        failures.length === 0 ? null : failures.map((failure) => failureWords(failure, view)).join('; '),
    })),
  ];
}

/** One suite for a lab, one case for each question and packet. Ends with a line feed. */
export function renderLabJunit(grades: readonly Grade[], view: View): string {
  const suites = grades.flatMap((grade) => {
    const cases = casesOf(grade, view);
    const failed = cases.filter(({ failure }) => failure !== null).length;
    const head = `  <testsuite name="${escaped(`${grade.name}: ${wordsOf(grade.lab.title, view)}`)}" tests="${String(cases.length)}" failures="${String(failed)}" errors="0" skipped="0">`;
    const properties = [
      '    <properties>',
      `      <property name="score" value="${String(grade.score)}"/>`,
      `      <property name="passed" value="${String(grade.passed)}"/>`,
      '    </properties>',
    ];
    const list = cases.flatMap(({ name, failure }) => {
      const one = `    <testcase classname="${escaped(grade.name)}" name="${escaped(name)}"`;
      return failure === null
        ? [`${one}/>`]
        : [`${one}>`, `      <failure message="${escaped(failure)}"/>`, '    </testcase>'];
    });
    return [head, ...properties, ...list, '  </testsuite>'];
  });
  return `${['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="natwalk lab">', ...suites, '</testsuites>'].join('\n')}\n`;
}
