/** What the examples that come with the page are called in links. */

export const SAMPLES = ['node', 'endpoints', 'cluster'] as const;
export type Sample = (typeof SAMPLES)[number];

export function isSample(text: string): text is Sample {
  return (SAMPLES as readonly string[]).includes(text);
}
