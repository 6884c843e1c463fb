/** Kinds of wrong answers. */

/** What natwalk got wrong, without its values: a smaller case must show the same. */
export function kindOf(why: string): string {
  const said = why.replace(/^.*natwalk: /s, '');
  const two = /^(?:conntrack|quoted|icmp|rejected|dropped|unroutable|source|destination|no|one) \S+/.exec(
    said,
  );
  return two?.[0] ?? said.replace(/ .*$/s, '');
}
