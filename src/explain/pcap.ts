/** A walk as a capture: the packet at each interface that it passes, behind an Ethernet header. */
import type { Outcome, TraceResult } from '../packet/result.js';
import { outcomeHeading } from './heading.js';
import { type Hop, hopsOfOutcome } from './hops.js';
import { packetBytes } from './packet-bytes.js';
import { joinBytes, pcapngSection } from './pcapng.js';
import { sanitize } from './sanitize.js';

/** Of this node and of the neighbour: locally administered, for a walk knows neither. */
const OWN = [2, 0, 0, 0, 0, 1] as const;
const NEIGHBOUR = [2, 0, 0, 0, 0, 2] as const;
const NONE = [0, 0, 0, 0, 0, 0] as const;

function frame(hop: Hop): Uint8Array {
  const [to, from] =
    hop.device === 'lo' ? [NONE, NONE] : hop.direction === 'In' ? [OWN, NEIGHBOUR] : [NEIGHBOUR, OWN];
  const type = hop.family === 4 ? [0x08, 0x00] : [0x86, 0xdd];
  return joinBytes([new Uint8Array([...to, ...from, ...type]), packetBytes(hop)]);
}

/** What is not one value: the capture has the lowest. */
function comment({ header }: Hop): string | null {
  const drawn = (['src', 'dst', 'sport', 'dport', 'icmpId'] as const)
    .filter((field) => header[field].includes('-'))
    .map((field) => `${field}: the kernel draws one of ${header[field]}`);
  return drawn.length === 0 ? null : drawn.join('; ');
}

function section(result: TraceResult, outcome: Outcome, index: number): Uint8Array {
  const about = [
    ...(result.id === null ? [] : [`packet ${result.id}`]),
    ...(result.outcomes.length > 1 ? [outcomeHeading(index, result).slice(2)] : []),
  ];
  const packets = hopsOfOutcome(result, outcome).map((hop) => ({
    device: sanitize(hop.device),
    direction: hop.direction,
    bytes: frame(hop),
    comment: comment(hop),
  }));
  return pcapngSection(packets, about.length === 0 ? null : sanitize(about.join(', ')));
}

/** The result as pcapng: a section for each outcome. */
export function renderPcap(result: TraceResult): Uint8Array {
  return joinBytes(result.outcomes.map((outcome, index) => section(result, outcome, index)));
}
