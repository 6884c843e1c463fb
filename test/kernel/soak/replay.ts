/** Runs a reproduction again: the text that a wrong case is printed as. */
import { readFileSync } from 'node:fs';
import type { PacketInput } from '../../../src/packet/result.js';
import type { Script } from './flows/script.js';
import { FILE_NAMES, type SoakCase } from './profile.js';
import type { PacketResult } from './group.js';
import { Session } from './session.js';

/** Reads `--- NAME` sections; the last, `--- packets`, holds one JSON object a line, scripts behind that word. */
export function readCase(text: string): SoakCase {
  const sections = new Map(
    text.split(/^--- /m).map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)] as const;
    }),
  );
  const lines = (sections.get('packets') ?? '').split('\n');
  const packets = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as PacketInput);
  const scripts = lines
    .filter((line) => line.startsWith('script {'))
    .map((line) => JSON.parse(line.slice('script '.length)) as Script);
  const files = Object.fromEntries(
    FILE_NAMES.flatMap((name) => {
      const found = sections.get(name);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
  return { files, packets, scripts };
}

function detailOf(result: PacketResult): string {
  if (result.kind === 'agree') return '';
  if (result.kind === 'drawn') return result.of.join();
  return result.kind === 'hedged' ? result.causes.join() : result.why;
}

/** Runs a reproduction; one line a packet, and what differs. @returns the exit status: 2 when there is nothing to run */
export async function replay(path: string): Promise<number> {
  const one = readCase(readFileSync(path, 'utf8'));
  if (one.packets.length + (one.scripts ?? []).length === 0) {
    process.stderr.write(`${path} holds no packets: it is no reproduction\n`);
    return 2;
  }
  const session = new Session();
  const results = await session.run(one);
  for (const line of session.notSet) process.stdout.write(`left as it is: ${line}\n`);
  await session.stop();
  for (const result of results)
    process.stdout.write(`${result.kind} ${JSON.stringify(result.packet)}\n  ${detailOf(result)}\n`);
  const good = results.every(({ kind }) => ['agree', 'drawn', 'hedged'].includes(kind));
  return good && results.length > 0 ? 0 : 1;
}
