// What became of the classes of survivors when a run is over.

/** What a fault is, wherever its line has gone. */
const identity = ({ file, mutator, replacement, code }) => [file, mutator, replacement, code].join('\0');

/**
 * The survivors of a run, each with the class that it had before, `unsorted` where it is new. What a fact was said to
 * catch and survives all the same is new, too.
 */
export function survivorsOf(results, before) {
  const known = new Map(before.filter((one) => one.class !== 'fact').map((one) => [identity(one), one]));
  return results
    .filter(({ status }) => status === 'survived')
    .map(({ file, mutator, replacement, code }) => {
      const one = { file, mutator, replacement: replacement.replace(/\s+/g, ' '), code };
      const { class: sort = 'unsorted', why } = known.get(identity(one)) ?? {};
      return { ...one, class: sort, ...(why === undefined ? {} : { why }) };
    });
}
