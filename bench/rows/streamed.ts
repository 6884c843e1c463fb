/** A batch of a million packets: memory at the end over memory at its hundred-thousandth. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { natwalk } from '../contenders.js';
import { ENVIRONMENT } from '../process-cost.js';
import type { Figures, Group } from '../row.js';
import { subjectOf } from '../subject.js';

const ALL = 1_000_000;
const EARLY = 100_000;
/** These are given again and again. */
const PACKETS = 50_000;

/** MiB that a process held at its peak so far. */
function peakOf(pid: number): number {
  const [, kibibytes = '0'] =
    /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** The peaks after the early packets, and after nearly all: the last ones are still held by the pipe. */
async function peaks(services: number): Promise<readonly [number, number]> {
  const subject = subjectOf({ services });
  const text = readFileSync(subject.packets(PACKETS));
  const [program = '', ...words] = natwalk('trace', subject.folder, '--batch', '-', '--json').words;
  const child = spawn(program, words, { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('the command did not start');
  const found: [number, number] = [0, 0];
  let lines = 0;
  child.stdout.on('data', (bytes: Uint8Array) => {
    lines += linesIn(bytes);
    if (found[0] === 0 && lines >= EARLY) found[0] = peakOf(pid);
    if (found[1] === 0 && lines >= ALL - 1_000) found[1] = peakOf(pid);
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
      what: 'a batch of 1,000,000 packets, S=100: peak memory at the end over that after 100,000',
      bar: 1.1,
    },
  ],
  async measure() {
    const [early, late] = await peaks(100);
    const figures: Figures = {
      ratios: [late / early],
      of: `${late.toFixed(0)} MiB / ${early.toFixed(0)} MiB`,
    };
    return new Map([['batch-memory', figures]]);
  },
};
