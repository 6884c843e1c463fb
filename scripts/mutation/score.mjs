// Counts what became of faults.

const percent = (part, whole) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

const EMPTY = { faults: 0, kernel: 0, table: 0, survived: 0, uncovered: 0 };

function count(into, { status, oracle }) {
  into.faults += 1;
  if (status === 'not covered') into.uncovered += 1;
  else if (status === 'survived') into.survived += 1;
  else if (oracle === 'table') into.table += 1;
  else into.kernel += 1;
}

const roomOf = (file) => file.split('/').slice(0, 2).join('/');

function groupBy(results, keyOf) {
  const groups = {};
  for (const one of results) count((groups[keyOf(one)] ??= { ...EMPTY }), one);
  return groups;
}

/** Counts by room and by file, how faults showed, and what was left out. */
export function scoreOf(results, mutants, run) {
  const how = {};
  for (const one of results) if (one.status === 'killed') how[one.how] = (how[one.how] ?? 0) + 1;
  const leftOut = {};
  for (const { ignored } of mutants) if (ignored !== null) leftOut[ignored] = (leftOut[ignored] ?? 0) + 1;
  return {
    run,
    total: groupBy(results, () => 'all').all ?? EMPTY,
    how,
    leftOut,
    rooms: groupBy(results, ({ file }) => roomOf(file)),
    files: groupBy(results, ({ file }) => file),
  };
}

const row = (name, { faults, kernel, table, survived, uncovered }) =>
  [
    name.padEnd(44),
    ...[faults, kernel, table, survived, uncovered].map((cell) => String(cell).padStart(9)),
    percent(kernel, faults).padStart(9),
    percent(kernel + table, faults).padStart(9),
  ].join('');

/** The score as a table, and every fault that nothing caught. */
export function summary({ total, rooms, files, how }, results) {
  const head = ['faults', 'kernel', 'table', 'survived', 'uncovered', 'kernel', 'all'].map((word) =>
    word.padStart(9),
  );
  return [
    ...results
      .filter(({ status }) => status !== 'killed')
      .map(
        ({ file, line, column, mutator, replacement, status, unrecorded }) =>
          `${file}:${line}:${column} ${mutator} ${status}${unrecorded > 0 ? ' (left the record)' : ''}: ${replacement.replace(/\s+/g, ' ').slice(0, 120)}`,
      ),
    '',
    `${''.padEnd(44)}${head.join('')}`,
    ...Object.entries(files).map(([name, counts]) => row(name, counts)),
    '',
    ...Object.entries(rooms).map(([name, counts]) => row(name, counts)),
    row('all', total),
    `caught by: ${Object.entries(how)
      .map(([kind, number]) => `${kind} ${number}`)
      .join(', ')}`,
  ].join('\n');
}
