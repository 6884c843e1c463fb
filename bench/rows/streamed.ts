/** A batch of a million packets: what it holds near its end over what it held near its beginning. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { natwalk } from '../contenders.js';
import { ENVIRONMENT } from '../process-cost.js';
import { summaryOf } from '../ratios.js';
import type { Figures, Group } from '../row.js';
import { subjectOf } from '../subject.js';

const ALL = 1_000_000;
/** These are given again and again. */
const PACKETS = 50_000;
/** What is held is looked at this often: it rises and falls with each collection, so that one look tells little. */
const EVERY = 2_500;
/** From and up to which packet: by the first all that is met is known. */
const EARLY = [50_000, 150_000] as const;
const LATE = [ALL - 101_000, ALL - 1_000] as const;

interface Held {
  readonly lines: number;
  /** MiB. */
  readonly now: number;
  readonly peak: number;
}

/** What a process holds. */
function heldBy(pid: number, lines: number): Held {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  const of = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / 1024;
  return { lines, now: of('VmRSS'), peak: of('VmHWM') };
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

async function looks(services: number): Promise<readonly Held[]> {
  const subject = subjectOf({ services });
  const text = readFileSync(subject.packets(PACKETS));
  const [program = '', ...words] = natwalk('trace', subject.folder, '--batch', '-', '--json').words;
  const child = spawn(program, words, { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('the command did not start');
  const found: Held[] = [];
  let lines = 0;
  child.stdout.on('data', (bytes: Uint8Array) => {
    lines += linesIn(bytes);
    // The last results are still held by the pipe when the process is gone.
    if (lines >= (found.length + 1) * EVERY && lines < LATE[1]) found.push(heldBy(pid, lines));
  });
  const ended = once(child, 'close');
  for (let at = 0; at < ALL / PACKETS; at += 1)
    if (!child.stdin.write(text)) await once(child.stdin, 'drain');
  child.stdin.end();
  await ended;
  if (lines !== ALL) throw new Error(`${String(lines)} results of ${String(ALL)} packets`);
  return found;
}

export const streamed: Group = {
  rows: [
    {
      id: 'batch-memory',
      what: 'a batch of 1,000,000 packets, S=100: memory held in its last tenth over that in its second',
      bar: 1.1,
    },
  ],
  async measure() {
    const held = await looks(100);
    const between = ([from, to]: readonly [number, number]): number =>
      summaryOf(held.filter(({ lines }) => lines >= from && lines < to).map(({ now }) => now)).median;
    const [early, late] = [between(EARLY), between(LATE)];
    const peak = Math.max(...held.map((one) => one.peak));
    const figures: Figures = {
      ratios: [late / early],
      of: `${late.toFixed(0)} MiB / ${early.toFixed(0)} MiB, ${peak.toFixed(0)} at its peak`,
    };
    return new Map([['batch-memory', figures]]);
  },
};
