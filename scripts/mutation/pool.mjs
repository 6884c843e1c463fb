// Hands faults to worker processes; one that does not answer is ended, and its fault counts as endless.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));

/** Milliseconds that a fault may take. */
const PATIENCE = 60_000;

/** @returns for every fault by which check it was caught, and how; `by` null when it was not */
export async function runAll({ bundle, recording, coverage, mutants, workers }) {
  const results = [];
  const left = [];
  for (const mutant of mutants) {
    const checks = coverage.checksOf(mutant);
    if (checks.length === 0) results.push({ ...mutant, status: 'not covered' });
    else left.push(mutant);
  }
  const total = left.length;
  left.reverse();
  const start = performance.now();
  const progress = () => {
    const done = total - left.length;
    if (done % 250 === 0)
      process.stderr.write(
        `${String(done)}/${String(total)} ${String(Math.round((performance.now() - start) / 1000))} s\n`,
      );
  };
  const one = () =>
    new Promise((resolve) => {
      let child = null;
      let timer = null;
      let task = null;
      const next = () => {
        clearTimeout(timer);
        const mutant = left.pop();
        task = mutant ?? null;
        if (mutant === undefined) {
          child.kill();
          resolve();
          return;
        }
        progress();
        timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
        const checks = coverage.checksOf(mutant).map((at) => [at, coverage.baselines[at]]);
        child.send({ id: mutant.id, fresh: coverage.once.has(mutant.id), checks });
      };
      const begin = () => {
        child = fork(WORKER, [bundle, recording], {
          execArgv: ['--max-old-space-size=1500'],
          stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
        });
        child.on('message', (message) => {
          if (message !== 'ready' && task !== null)
            results.push({ ...task, ...message, status: message.how === null ? 'survived' : 'killed' });
          next();
        });
        child.on('exit', () => {
          if (task === null) return;
          clearTimeout(timer);
          results.push({ ...task, status: 'killed', by: 'the watchdog', oracle: 'kernel', how: 'endless' });
          task = null;
          begin();
        });
      };
      begin();
    });
  await Promise.all(Array.from({ length: workers }, one));
  const place = new Map(mutants.map(({ id }, at) => [id, at]));
  return results.sort((a, b) => place.get(a.id) - place.get(b.id));
}
