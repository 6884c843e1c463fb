/** What walks rest on, as a line of a printed node that is read back: nothing else in it would tell. */
import type { Ground } from '../packet/node.js';

const LEAD = '# natwalk assumes ';

/** Grounds that no listing and no command of a printed node leads to again. */
const NOTED: ReadonlySet<string> = new Set([
  'ASM_LISTINGS_DIFFER',
  'ASM_NFT_UNSEEN',
  'ASM_SETTING',
  'ASM_UNFINISHED',
]);

/** The lines for a printed node, without their prompts. */
export function noteGrounds(grounds: readonly Ground[]): readonly string[] {
  return grounds
    .filter(({ code }) => NOTED.has(code))
    .map(({ code, params, family }) => `${LEAD}${JSON.stringify({ code, params, family })}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function groundOf(json: string): readonly Ground[] {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return [];
  }
  if (!isRecord(read) || !isRecord(read['params'])) return [];
  const { code, family } = read;
  if (typeof code !== 'string' || !NOTED.has(code)) return [];
  const params = Object.entries(read['params']).map(([name, value]) => [name, String(value)] as const);
  const own = family === 4 || family === 6 ? family : null;
  return [{ code, params: Object.fromEntries(params), family: own, command: null }];
}

/** The grounds that a text notes. What cannot be read as one is none. */
export function notedGrounds(text: string): readonly Ground[] {
  if (!text.includes(LEAD)) return [];
  return text
    .split('\n')
    .filter((line) => line.startsWith(`$ ${LEAD}`) && line.length < 2000)
    .flatMap((line) => groundOf(line.slice(LEAD.length + 2)));
}
