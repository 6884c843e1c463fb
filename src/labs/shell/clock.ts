/** The clock of a session: it began on a Monday at nine. */
const START = 9 * 3600 * 1000;

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

function clockText(at: number): string {
  const all = START + at;
  return `${two((all / 3_600_000) % 24)}:${two((all / 60_000) % 60)}:${two((all / 1000) % 60)}`;
}

/** `09:00:01.500000`, as tcpdump has it. @param at milliseconds since the session began */
export function timeText(at: number): string {
  return `${clockText(at)}.${String(Math.floor(at % 1000)).padStart(3, '0')}000`;
}

/** `Mon Jun  2 09:00:01 2025`, as asctime(3) has it. */
export function dateText(at: number): string {
  return `Mon Jun  2 ${clockText(at)} 2025`;
}
