/** A student before the page: opens a lab, answers and types. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { labAt, materialOf } from '../../page/engine/labs-files.js';
import type { LabsPart } from '../../page/shared/labs.js';
import { solutionOf } from '../../src/labs/answer.js';
import { newRun } from '../../src/labs/progress.js';
import { LabSession } from '../../src/labs/session.js';
import { type Visit, type Wanted, visit } from './visit.js';

/** Opens the labs where `hash` says, and waits for them. */
export async function visitLabs(hash: string, wanted: Wanted = {}): Promise<Visit> {
  const visited = await visit({ ...wanted, hash, bare: true });
  await visited.page.locator(hash === '#labs' ? '#labs-title' : '#lab-title').waitFor();
  return visited;
}

/** The labs as the page that was built has them. */
function labs(): LabsPart {
  const script = readFileSync(join(inject('page'), 'labs.js'), 'utf8');
  const [, json = ''] = /^natwalkPart\('labs', (.*)\);\n$/s.exec(script) ?? [];
  return JSON.parse(json) as LabsPart;
}

/** What its author answers to each question of a lab, and types for its task. */
export function solved(name: string): {
  readonly answers: ReadonlyMap<string, string>;
  readonly lines: readonly string[];
} {
  const { texts } = labs();
  const lab = labAt(texts, `labs/${name}/lab.yaml`);
  if (lab === null) throw new Error(name);
  const { start } = new LabSession(lab, materialOf(texts, lab), newRun(1), 'en');
  const questions = [...lab.predict, lab.cause, ...lab.transfer];
  return {
    answers: new Map(questions.map((question) => [question.id, solutionOf(lab, question, start) ?? ''])),
    lines: lab.task?.solution ?? [],
  };
}

/** Answers a question with the keyboard alone, as one who reads from top to bottom. */
export async function answer(page: Page, question: string, text: string): Promise<void> {
  const asked = page.locator('article.question', { has: page.locator(`#ask-${question}`) });
  const choice = asked.locator(`input[value="${text}"]`);
  if ((await choice.count()) > 0) {
    await choice.focus();
    await page.keyboard.press('Space');
  } else await asked.locator('input.mono, .typed input').last().fill(text);
  await asked.getByRole('button', { name: 'Answer', exact: true }).focus();
  await page.keyboard.press('Enter');
  await asked.locator('.latest').waitFor();
}

/** Types a line into the terminal, and waits for what the node says. */
export async function type(page: Page, line: string): Promise<string> {
  const before = await page.locator('.screen .entry').count();
  // On a small screen the terminal is behind a tab of its own.
  const tab = page.locator('.tabs button').nth(1);
  const story = page.locator('.tabs button').nth(0);
  const isBehind = (await tab.isVisible()) && (await tab.getAttribute('aria-pressed')) === 'false';
  if (isBehind) await tab.click();
  await page.locator('#terminal-line').focus();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
  const entry = page.locator('.screen .entry').nth(before);
  await entry.waitFor();
  const said = (await entry.locator('pre').allInnerTexts()).join('\n');
  if (isBehind) await story.click();
  return said;
}

/** The points that the lab's head shows. */
export async function score(page: Page): Promise<string> {
  return page.locator('.score strong').innerText();
}
