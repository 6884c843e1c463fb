/** What a student is shown after an answer is what the answer is about. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLab } from '../../src/cli/lab-files.js';
import { viewOf } from '../../src/explain/view.js';
import { judge } from '../../src/labs/answer.js';
import { newRun } from '../../src/labs/progress.js';
import { judgedLines, revealLines } from '../../src/labs/report/reveal.js';
import { LabSession } from '../../src/labs/session.js';

async function begun(name: string): Promise<LabSession> {
  const opened = await openLab(join(import.meta.dirname, '../../labs', name, 'lab.yaml'));
  if (opened.lab === null) throw new Error(`${name} cannot be read`);
  return new LabSession(opened.lab, opened.material, newRun(1), 'en');
}

async function refuted(name: string, id: string, answer: string): Promise<string> {
  const { lab, start, questions } = await begun(name);
  const asked = questions.find(({ question }) => question.id === id);
  if (asked === undefined) throw new Error(`no question ${id}`);
  return judgedLines(lab, judge(lab, asked.question, answer, start), 1, start, viewOf()).join('\n');
}

async function revealed(name: string): Promise<string> {
  const { lab, start } = await begun(name);
  return revealLines(lab, 'predict', start, viewOf()).join('\n');
}

it('refutes a belief about the answer by the answer', async () => {
  const shown = await refuted('18-break-it', 'answer', 'ens5');
  expect(shown).toContain('THE ANSWER\nLEAVES by ens6');
  expect(shown).not.toContain('KUBE-SERVICES');
});

it('refutes another belief by the walk up to the rule that refutes it', async () => {
  const shown = await refuted('18-break-it', 'first-packet', 'ens6-node');
  expect(shown).toContain('CONNMARK restore-mark');
  expect(shown).not.toContain('THE ANSWER');
  expect(shown).not.toContain('POSTROUTING');
});

it('reveals the answer where the packet is expected to have one', async () => {
  expect(await revealed('18-break-it')).toContain('THE ANSWER\nLEAVES by ens6');
  expect(await revealed('19-incident')).not.toContain('THE ANSWER');
});

it('reveals a way across nodes as one', async () => {
  const shown = await revealed('14-flannel-vxlan');
  expect(shown).toContain('DELIVERED, and the answer comes back');
  expect(shown).toContain('into vxlan by flannel.1, to 192.168.96.50');
});
