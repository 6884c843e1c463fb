/**
 * Holds a picture of the page against the one that somebody looked at and accepted. Fonts differ from machine to machine by
 * less than what makes a picture another one: both are looked at from some distance.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = join(import.meta.dirname, 'golden');
/** With this set, pictures are taken anew; each is then to be looked at before it is committed. */
const ANEW = process.env['NATWALK_PICTURES'] === 'new';

/** Share of the points, seen from some distance, that are of another colour. */
async function differing(page: Page, one: Buffer, two: Buffer): Promise<number> {
  return page.evaluate(
    async (pictures) => {
      /** Points that are averaged into one. */
      const DISTANCE = 6;
      const read = async (data: string): Promise<ImageData> => {
        const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const [width, height] = [Math.ceil(image.width / DISTANCE), Math.ceil(image.height / DISTANCE)];
        const context = new OffscreenCanvas(width, height).getContext('2d');
        if (context === null) throw new Error('no canvas');
        context.imageSmoothingQuality = 'high';
        context.drawImage(image, 0, 0, width, height);
        return context.getImageData(0, 0, width, height);
      };
      const [a, b] = await Promise.all(pictures.map(read));
      if (a?.width !== b?.width || a?.height !== b?.height || a === undefined || b === undefined) return 1;
      let count = 0;
      for (let at = 0; at < a.data.length; at += 4) {
        const apart = [0, 1, 2].some(
          (channel) => Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0)) > 40,
        );
        if (apart) count += 1;
      }
      return (count * 4) / a.data.length;
    },
    [one.toString('base64'), two.toString('base64')],
  );
}

/** How much the page differs from its golden picture, from 0 to 1. */
export async function unlike(page: Page, name: string): Promise<number> {
  await page.evaluate(async () => document.fonts.ready);
  const now = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const file = join(FOLDER, `${name}.png`);
  if (ANEW || !existsSync(file)) {
    writeFileSync(file, now);
    return ANEW ? 0 : 1;
  }
  const found = await differing(page, readFileSync(file), now);
  if (found > 0.03) writeFileSync(join(FOLDER, `${name}.differs.png`), now);
  return found;
}
