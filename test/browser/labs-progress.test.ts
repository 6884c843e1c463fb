/** Progress of labs: kept when asked, taken along as a file that the command reads, and never lost by what cannot be read. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';
import { answer, score, type, visitLabs } from './lab.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'natwalk-progress-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kept = async (page: Page): Promise<string | null> =>
  page.evaluate(() => localStorage.getItem('natwalk.labs'));
const box = (page: Page) => page.getByRole('checkbox', { name: 'Keep my progress in this browser' });

async function exported(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export the progress as a file' }).click(),
  ]);
  const path = join(folder, name);
  await download.saveAs(path);
  expect(download.suggestedFilename()).toBe('natwalk-labs.json');
  return path;
}

async function imported(page: Page, name: string, text: string): Promise<void> {
  const file = { name, mimeType: 'application/json', buffer: Buffer.from(text) };
  await page.getByLabel('Import a progress file').setInputFiles(file);
}

it('is kept only when asked, and comes back with the page', async () => {
  const { page, close } = await visitLabs('#lab=6');
  await answer(page, 'device', 'ens5');
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  await box(page).check();
  await expect.poll(() => kept(page)).toContain('"device"');
  await type(page, 'ip rule del pref 1024');
  await expect.poll(() => kept(page)).toContain('ip rule del pref 1024');
  await page.reload();
  await page.locator('#lab-title').waitFor();
  expect(await score(page)).toBe('10 of 100 points');
  await page.getByText('1 lines from before were typed again').waitFor();
  expect(await type(page, 'ip rule | grep -c fwmark')).toBe('0');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  expect(await page.locator('#terminal-line').inputValue()).toBe('ip rule del pref 1024');
  expect(await box(page).isChecked()).toBe(true);
  await box(page).uncheck();
  expect(await kept(page)).toBeNull();
  await close();
});

it('goes to the command as a file, and comes back from it to another browser', async () => {
  const { page, close } = await visitLabs('#lab=6');
  await answer(page, 'device', 'ens5');
  await page.locator('summary', { hasText: 'Grade' }).click();
  await page.getByRole('button', { name: 'Grade my work' }).click();
  await page.getByText('NOT PASSED YET: 10 of 100').waitFor();
  const path = await exported(page, 'labs.json');
  await close();
  const lab = async (...words: readonly string[]) => natwalk(['lab', ...words, '--progress', path]);
  const listed = await lab('progress', '--json');
  expect(JSON.parse(listed.out)).toMatchObject({ current: '06-pod-to-internet' });
  expect((await lab('answer', 'source', 'node')).status).toBe(0);
  expect((await lab('fix', 'ip rule del pref 1024')).status).toBe(0);

  const other = await visitLabs('#labs');
  await imported(other.page, 'back.json', readFileSync(path, 'utf8'));
  await other.page.getByText('Taken from back.json: 1 labs.').waitFor();
  await other.page.getByRole('link', { name: /A pod to the internet/ }).click();
  await other.page.locator('#lab-title').waitFor();
  expect(await score(other.page)).toBe('20 of 100 points');
  expect(await type(other.page, 'ip rule | grep -c fwmark')).toBe('0');
  await other.page.getByRole('button', { name: 'Take that back' }).click();
  await expect.poll(() => score(other.page)).toBe('0 of 100 points');
  await other.close();
});

it('is not lost by a file of a newer version, a damaged one, or something else', async () => {
  const { page, faults, close } = await visitLabs('#lab=6');
  await answer(page, 'device', 'ens5');
  const own = readFileSync(await exported(page, 'own.json'), 'utf8');
  await imported(page, 'newer.json', own.replace('"version": 1', '"version": 7'));
  await page
    .getByRole('alert')
    .getByText('newer.json is of version 7, newer than this page (version 1).')
    .waitFor();
  await imported(page, 'damaged.json', own.replace('"hints": 0', '"hints": "x"'));
  await page.getByRole('alert').getByText('(at labs.06-pod-to-internet.run.hints)').waitFor();
  await imported(page, 'cut.json', own.slice(0, 90));
  await page.getByRole('alert').getByText('cut.json is no whole progress file (at JSON)').waitFor();
  await imported(page, '\u202enosj.<i>x</i>', '[]');
  await page.getByRole('alert').getByText('\ufffdnosj.<i>x</i> is no whole').waitFor();
  await imported(page, 'huge.json', ' '.repeat(5 * 1024 * 1024));
  await page.getByRole('alert').getByText('huge.json is too large').waitFor();
  expect(await score(page)).toBe('10 of 100 points');
  expect(readFileSync(await exported(page, 'again.json'), 'utf8')).toBe(own);
  expect(faults).toEqual([]);
  await close();
});

it('of a newer version that a browser keeps stays as it is', async () => {
  const { page, close } = await visitLabs('#labs');
  const newer = JSON.stringify({ schema: 'natwalk/labs', version: 3, current: null, labs: {}, more: [1] });
  await page.evaluate((text) => localStorage.setItem('natwalk.labs', text), newer);
  await page.reload();
  await page.getByRole('alert').getByText('of version 3, newer than this page (version 1)').waitFor();
  expect(await box(page).isDisabled()).toBe(true);
  await page.getByRole('link', { name: /Five hooks/ }).click();
  await page.locator('#lab-title').waitFor();
  await type(page, 'iptables -P FORWARD ACCEPT');
  expect(await kept(page)).toBe(newer);
  await close();
});

it('that is damaged in a browser is said to be, and is put aside when progress is kept anew', async () => {
  const { page, close } = await visitLabs('#labs');
  await page.evaluate(() => localStorage.setItem('natwalk.labs', '{"schema":'));
  await page.reload();
  await page.getByRole('alert').getByText('is damaged (at JSON)').waitFor();
  expect(await box(page).isChecked()).toBe(false);
  await box(page).check();
  await expect.poll(() => kept(page)).toContain('natwalk/labs');
  expect(await page.evaluate(() => localStorage.getItem('natwalk.labs.damaged'))).toBe('{"schema":');
  await close();
});

it('of two windows is that of both', async () => {
  const { page, close } = await visitLabs('#lab=6');
  await box(page).check();
  const second = await page.context().newPage();
  await second.goto(page.url().replace('#lab=6', '#lab=7'));
  await second.locator('#lab-title').waitFor();
  await answer(page, 'device', 'ens5');
  await type(second, 'ping -c 1 8.8.8.8');
  await answer(page, 'source', 'node');
  await expect
    .poll(() => kept(page))
    .toMatch(/06-pod-to-internet[\s\S]*07-second-eni|07-second-eni[\s\S]*06-pod-to-internet/);
  expect(await kept(page)).toContain('"source"');
  await close();
});
