/** The labs as the page's worker has them: the same labs, the same grades, the same progress file as the command's. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labsPart } from '../../scripts/labs-part.mjs';
import { openLab } from '../../src/cli/lab-files.js';
import { labName } from '../../src/labs/lab.js';
import { readProgress } from '../../src/labs/progress.js';
import { solutionOf } from '../../src/labs/answer.js';
import { viewOf } from '../../src/explain/view.js';
import { walkOf } from '../../src/explain/rows.js';
import { walked } from '../../src/labs/evaluate.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { Session } from '../../page/engine/session.js';
import { LabSession } from '../../src/labs/session.js';
import { newRun } from '../../src/labs/progress.js';
import type { LabView, LabsPart, QuestionView } from '../../page/shared/labs.js';
import { Labs } from '../../page/engine/labs.js';
import { labAt, materialOf } from '../../page/engine/labs-files.js';

const part = labsPart('.') as LabsPart;
const { texts } = part;
const all = part.heads.map(({ path }) => {
  const lab = labAt(texts, path);
  if (lab === null) throw new Error(path);
  return lab;
});

function begun(document: string | null = null): Labs {
  const labs = new Labs(part);
  expect(labs.begin(document)).toBeNull();
  return labs;
}

function opened(which: string, labs = begun()): { labs: Labs; lab: LabView } {
  const told = labs.open(which, 'en');
  if (told === null) throw new Error(`no lab ${which}`);
  return { labs, lab: told.lab };
}

/** Answers as the author would. */
async function solutions(name: string): Promise<ReadonlyMap<string, string>> {
  const { lab, material } = await openLab(`labs/${name}/lab.yaml`);
  if (lab === null) throw new Error(name);
  const { start } = new LabSession(lab, material, newRun(1), 'en');
  const questions = [...lab.predict, lab.cause, ...lab.transfer];
  return new Map(questions.map((question) => [question.id, solutionOf(lab, question, start) ?? '']));
}

describe.each(all.map((lab) => [labName(lab), lab] as const))('%s', (name, lab) => {
  it('stands in the list as it is', () => {
    const line = begun()
      .list('ko')
      .labs.find((one) => one.name === name);
    expect(line).toEqual({
      ...{ name, number: lab.number, slug: lab.slug, title: lab.title.ko, minutes: lab.minutes },
      ...{ kind: lab.task?.kind ?? 'questions', isExam: lab.hints.length === 0 },
      ...{ best: null, begun: false, passed: false, isCurrent: false },
    });
  });

  it('has the very nodes that the command gives it', async () => {
    const { material } = await openLab(`labs/${name}/lab.yaml`);
    expect(materialOf(texts, lab).files).toEqual(material.files);
  });

  it('is passed with its own solution, the cause found among the rules that are offered', async () => {
    const { labs, lab: view } = opened(String(lab.number));
    const right = await solutions(name);
    const say = ({ id, form }: QuestionView): void => {
      const told = labs.answer({ question: id, answer: right.get(id) ?? '', language: 'en' });
      expect(told.problem).toBeNull();
      if (form.kind !== 'rule') return;
      // One of those that are offered is right: it may have a longer name than the author's first.
      const offered = form.offers.map((one) => one.name);
      expect(offered.some((one) => one === right.get(id) || one === `nft ${right.get(id) ?? ''}`)).toBe(true);
    };
    for (const question of [...view.predict, view.cause]) say(question);
    for (const line of lab.task?.solution ?? []) labs.type({ line, language: 'en' });
    if (view.transfer !== null) say(view.transfer);
    const { lab: graded, labs: lines } = labs.grade('en');
    expect(graded.verdict).toMatchObject({ passed: true });
    expect(graded.score).toBe(100);
    expect(graded.reveal?.walk).not.toBe('');
    expect(graded.explain?.text.length).toBeGreaterThan(0);
    expect(lines.find((one) => one.name === name)).toMatchObject({
      best: 100,
      passed: true,
      isCurrent: true,
    });
  });

  it('lets every packet be watched, and walks it in the view of walks as the lab does', () => {
    const labs = begun();
    const told = labs.open(name, 'ko');
    expect(told?.lab.language).toBe('ko');
    const { start } = new LabSession(lab, materialOf(texts, lab), newRun(1), 'ko');
    for (const { name: packet, watch } of told?.lab.packets ?? [])
      for (const node of watch?.nodes ?? []) {
        const found = labs.watch({ packet, node, when: 'start', misconception: null, language: 'ko' });
        const files = (found?.files ?? []).flatMap((file) => ('text' in file ? [file] : []));
        const session = new Session(node, { files, diagnostics: new Diagnostics() }, null, '');
        if (found === null) throw new Error(packet);
        const answer = session.trace(found.ask, 'en');
        const shown = answer.kind === 'walk' ? answer.walk.outcomes : [];
        expect(shown.length, packet).toBeGreaterThan(0);
        const own = lab.packets.get(packet);
        if (own?.path !== null) continue;
        const result = walked(own, start, false);
        if (!('outcomes' in result)) throw new Error(packet);
        expect(shown.length, packet).toBe(result.outcomes.length);
        const [first] = result.outcomes;
        if (first === undefined) throw new Error(packet);
        // It ends at the same step.
        expect(shown[0]?.legs[0]?.steps.map(({ at }) => at).at(-1), packet).toBe(
          walkOf(first, viewOf()).rows.at(-1)?.step,
        );
      }
    expect(told?.lab.packets.every(({ watch }) => watch !== null)).toBe(true);
  });
});

it('reads and writes the progress file of the command', () => {
  const { labs } = opened('6');
  labs.answer({ question: 'device', answer: 'ens6', language: 'en' });
  labs.type({ line: 'ip rule del pref 1024', language: 'en' });
  const { document } = labs.list('en');
  const read = readProgress(document);
  if ('kind' in read) throw new Error(read.kind);
  expect(read.current).toBe('06-pod-to-internet');
  expect(read.labs.get('06-pod-to-internet')?.run).toMatchObject({
    journal: ['ip rule del pref 1024'],
    seed: 1,
  });
  const { lab } = opened('6', begun(document));
  expect(lab.task?.made).toBe(1);
  expect(lab.predict[0]?.given).toMatchObject([{ text: 'ens6', isRight: false }]);
});

it('does not count a lab that was only looked at', () => {
  const { labs } = opened('6');
  labs.type({ line: 'ip rule', language: 'en' });
  expect(labs.list('en')).toMatchObject({ isBegun: false });
});

it('refutes a belief by the walk up to the step that refutes it', () => {
  const { labs } = opened('6');
  const { lab } = labs.answer({ question: 'device', answer: 'ens6', language: 'en' });
  const refutation = lab.predict[0]?.given[0]?.refutation;
  expect(refutation).toMatchObject({
    misconception: 'own-eni',
    belief: "A pod's own ENI always carries its traffic.",
    packet: 'internet',
  });
  expect(refutation?.walk.trimEnd().split('\n').at(-1)).toContain('1024');
  expect(lab.reveal).toBeNull();
  const watched = labs.watch({
    packet: 'internet',
    node: null,
    when: 'start',
    misconception: 'own-eni',
    language: 'en',
  });
  expect(watched?.ask.packet).toMatchObject({ from: '192.168.61.33', to: '8.8.8.8', proto: 'icmp' });
  expect(watched?.steps).toBeGreaterThan(3);
});

it('says why an answer is none, and does not count it', () => {
  const { labs } = opened('6');
  const { problem, lab } = labs.answer({ question: 'why', answer: 'that one', language: 'en' });
  expect(problem).toContain('not counted');
  expect(lab.cause.given).toEqual([]);
});

it('watches a packet on the node as the student has left it', () => {
  const { labs } = opened('6');
  labs.type({ line: 'ip rule del pref 1024', language: 'en' });
  const files = (when: 'start' | 'now'): string =>
    JSON.stringify(
      labs.watch({ packet: 'internet', node: null, when, misconception: null, language: 'en' })?.files,
    );
  expect(files('start')).toContain('fwmark 0x80/0x80 lookup main');
  expect(files('now')).not.toContain('fwmark 0x80/0x80 lookup main');
});

it('keeps what is typed and answered when the language changes', () => {
  const { labs } = opened('6');
  labs.type({ line: 'ip rule del pref 1024', language: 'en' });
  const { lab } = labs.answer({ question: 'device', answer: 'ens5', language: 'ko' });
  expect(lab.title).toBe('파드에서 인터넷으로, 어떻게 빠져나가는가');
  expect(lab.task?.made).toBe(1);
  expect(lab.predict[0]?.state).toBe('right');
});

it('begins anew with another question of transfer, and keeps the best score', () => {
  const { labs, lab } = opened('6');
  labs.answer({ question: 'device', answer: 'ens5', language: 'en' });
  labs.grade('en');
  const told = labs.reset('en');
  expect(told.lab.score).toBe(0);
  expect(told.lab.best).toBe(10);
  expect(told.lab.transfer?.id).not.toBe(lab.transfer?.id);
});

it('uses all hints up for a solution', () => {
  const { labs } = opened('6');
  const { lab } = labs.solution('en');
  expect(lab.hints.shown).toHaveLength(3);
  expect(lab.task?.solution?.[0]).toContain('-I AWS-CONNMARK-CHAIN-0 1');
});

it('refuses a progress file of a newer version or a damaged one, and keeps its own', () => {
  const { labs } = opened('6');
  labs.answer({ question: 'device', answer: 'ens5', language: 'en' });
  const before = labs.list('en').document;
  const newer = before.replace('"version": 1', '"version": 2');
  expect(labs.import({ document: newer, language: 'en' }).fault).toEqual({
    kind: 'newer',
    version: 2,
    known: 1,
  });
  const damaged = before.replace('"hints": 0', '"hints": -1');
  expect(labs.import({ document: damaged, language: 'en' }).fault).toEqual({
    kind: 'damaged',
    place: 'labs.06-pod-to-internet.run.hints',
  });
  expect(labs.import({ document: 'PK\u0003', language: 'en' }).fault).toEqual({
    kind: 'damaged',
    place: 'JSON',
  });
  expect(labs.list('en').document).toBe(before);
});

it('lays a file over what is here, and takes that back', () => {
  const other = opened('7').labs;
  other.grade('en');
  const { labs } = opened('6');
  labs.answer({ question: 'device', answer: 'ens5', language: 'en' });
  const told = labs.import({ document: other.list('en').document, language: 'en' });
  expect(told.count).toBe(1);
  expect(told.labs.filter(({ begun: is }) => is).map(({ number }) => number)).toEqual([6, 7]);
  labs.restore({ document: told.before, language: 'en' });
  expect(labs.list('en').document).toBe(told.before);
});

it('writes over what another window has kept only the labs that were worked on here', () => {
  const other = opened('7').labs;
  other.answer({ question: other.open('7', 'en')?.lab.predict[0]?.id ?? '', answer: '1', language: 'en' });
  const { labs } = opened('6');
  labs.answer({ question: 'device', answer: 'ens5', language: 'en' });
  const { document, fault } = labs.merge({ stored: other.list('en').document });
  expect(fault).toBeNull();
  expect(document).toContain('06-pod-to-internet');
  expect(document).toContain('07-second-eni');
});

it('lets nothing of a dump or of what is typed act on the page', () => {
  const { labs } = opened('6');
  const { typed } = labs.type({ line: 'echo "\u202egnp \u001b[31m"', language: 'en' });
  expect(typed.out + typed.err).not.toMatch(/[\u202e\u001b]/);
  const { lab } = labs.answer({ question: 'why', answer: '\u202enat/X:1', language: 'en' });
  expect(JSON.stringify(lab)).not.toContain('\u202e');
});

it('has the readme of the labs only for people', () => {
  expect(Object.keys(texts).filter((path) => path.endsWith('.md'))).toEqual([]);
  expect(readFileSync('labs/06-pod-to-internet/lab.yaml', 'utf8')).toBe(
    texts['labs/06-pod-to-internet/lab.yaml'],
  );
});
