/** Every command on the pages of questions prints what stands under it. `vitest run test/questions.test.ts -u` writes them anew. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { natwalk } from './support/cli.js';

const docs = join(import.meta.dirname, '../docs');
const COMMAND = /^```text\n\$ natwalk (.+)\n(?:[^]*?\n)??```$/gm;

const commandsOf = (page: string): string[] => [...page.matchAll(COMMAND)].map(([, words = '']) => words);

/** The page with what its commands print now. */
async function printedAnew(page: string): Promise<string> {
  const outputs: string[] = [];
  for (const words of commandsOf(page)) {
    const { out, status } = await natwalk(words.split(' '));
    // A finding of lint or diff is status 1; a mistake in the command would be 2.
    expect([words, status < 2]).toEqual([words, true]);
    outputs.push(out);
  }
  let next = 0;
  return page.replace(COMMAND, (_block, words: string) => {
    next += 1;
    return `\`\`\`text\n$ natwalk ${words}\n${outputs[next - 1] ?? ''}\`\`\``;
  });
}

const pages = ['questions.md', 'questions.ko.md'] as const;
const textOf = (name: string): string => readFileSync(join(docs, name), 'utf8');

describe('the pages of questions', () => {
  it.each(pages)('%s shows what its commands print', { timeout: 60_000 }, async (name) => {
    await expect(await printedAnew(textOf(name))).toMatchFileSnapshot(join(docs, name));
  });

  it.each(pages)('%s has 25 questions with one command each', (name) => {
    const sections = textOf(name).split(/^## /m).slice(1);
    expect(sections.map((one) => one.split('.')[0])).toEqual(
      Array.from({ length: 25 }, (_one, at) => String(at + 1)),
    );
    for (const section of sections) expect(commandsOf(section)).toHaveLength(1);
  });

  it('asks the same in both languages', () => {
    const [english, korean] = pages.map((name) => commandsOf(textOf(name)));
    expect(korean).toEqual(english?.map((words) => `${words} --lang ko`));
  });
});
