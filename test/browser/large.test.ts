/** A node of 10,000 services stays smooth: the page itself does nothing but show what is in sight. */
import { expect, it } from 'vitest';
import { largeNode } from '../../bench/kube-proxy.js';
import { headline, visit } from './visit.js';

const SERVICES = 10_000;
/** Milliseconds for an answer: one second where nothing else runs; a machine of tests runs others beside. */
const PATIENCE = 8000;

it('walks, scrolls and filters 10,000 services without making the reader wait', async () => {
  const { files, cluster } = largeNode({ services: SERVICES });
  const chosen = cluster.services.find(({ proto, endpoints }) => proto === 'tcp' && endpoints.length > 0);
  const service = `${chosen?.address ?? ''}:${String(chosen?.port)}`;
  const { page, faults, close } = await visit({ node: { name: 'large', files, which: null }, bare: true });
  await page.getByRole('progressbar').waitFor();
  // While the worker reads, the page answers.
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('section[aria-label="Answer"]').waitFor({ timeout: 120_000 });
  await page.getByRole('combobox', { name: 'To', exact: true }).fill(service);
  await page.keyboard.press('Enter');
  const answered = page.locator('section[aria-label="Answer"] .packet', { hasText: service });
  const asked = Date.now();
  await answered.waitFor();
  expect(Date.now() - asked).toBeLessThan(PATIENCE);
  expect(await headline(page)).toMatch(/^LEAVES/);
  const rules = page.getByRole('listbox');
  for (
    let step = 0;
    step < 20 &&
    !(
      await page
        .locator('.rules h3')
        .innerText()
        .catch(() => '')
    ).includes('KUBE-SERVICES');
    step += 1
  ) {
    await page.keyboard.press('j');
    await page.waitForTimeout(50);
  }
  await expect.poll(() => rules.getByRole('option').count()).toBeGreaterThan(5);
  expect(Number(await rules.getByRole('option').first().getAttribute('aria-setsize'))).toBeGreaterThan(
    SERVICES / 2,
  );
  // Only what is in sight is there at all.
  expect(await page.locator('*').count()).toBeLessThan(1500);
  // The longest that the page was busy at once while all rules pass by.
  const longest = await rules.evaluate(async (list) => {
    let most = 0;
    const observer = new PerformanceObserver((entries) => {
      for (const { duration } of entries.getEntries()) most = Math.max(most, duration);
    });
    observer.observe({ type: 'longtask' });
    for (let at = 0; at <= 40; at += 1) {
      list.scrollTop = (list.scrollHeight * at) / 40;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    observer.disconnect();
    return most;
  });
  expect(longest).toBeLessThan(250);
  await rules.evaluate((list) => (list.scrollTop = list.scrollHeight));
  await expect.poll(() => rules.getByRole('option').last().innerText()).toContain('KUBE-NODEPORTS');
  await page.getByRole('searchbox', { name: 'Filter rules' }).fill(service.replace(/:\d+$/, '/32'));
  await expect.poll(() => rules.getByRole('option').count()).toBeLessThan(4);
  await expect.poll(() => rules.innerText()).toContain(service.replace(/:\d+$/, ''));
  expect(faults).toEqual([]);
  await close();
}, 240_000);
