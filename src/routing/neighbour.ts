/** What a node knows of the hardware addresses around it: `ip neigh` and `bridge fdb`. */
import type { Address, Family } from '../address/address.js';
import type { Span } from '../source/source.js';

/** NUD_… states (include/uapi/linux/neighbour.h) as `ip neigh` prints them. */
export type NeighbourState =
  'INCOMPLETE' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'FAILED' | 'NOARP' | 'PERMANENT';

/** One line of `ip neigh`. */
export interface Neighbour {
  readonly address: Address;
  /** Null where the listing is of one device and does not name it. */
  readonly device: string | null;
  /** Hardware address; null while there is none. */
  readonly mac: string | null;
  /** Usually one; none for an entry of `ip neigh show proxy`. */
  readonly states: readonly NeighbourState[];
  readonly router: boolean;
  /** The node answers for the address in another's place; it says nothing of where the address is. */
  readonly proxy: boolean;
  /** `extern_learn`, `offload`, `managed`, `proto zebra` … kept for printing. */
  readonly words: readonly string[];
  readonly span: Span | null;
}

export interface Neighbours {
  readonly entries: readonly Neighbour[];
  /** Families of which a listing without filter was shown: an address that is not in it has no entry but one in state NOARP. */
  readonly whole: ReadonlySet<Family>;
}

/** One line of `bridge fdb`: behind which port, or at which far end of a tunnel, a hardware address is. */
export interface ForwardingEntry {
  readonly mac: string;
  readonly device: string | null;
  /** Far end of a vxlan device, or null. */
  readonly destination: Address | null;
  readonly vlan: number | null;
  /** Where they differ from the device's own. */
  readonly port: number | null;
  readonly vni: number | null;
  /** The device that the outer packets use (`via`). */
  readonly via: string | null;
  /** The bridge that the entry belongs to; null for an entry of the device itself. */
  readonly master: string | null;
  /** `permanent`, `static`, `stale`, '' for a learned one. */
  readonly state: string;
  /** `self`, `extern_learn`, `offload`, `sticky`, `src_vni 5` … in the order of the line. */
  readonly words: readonly string[];
  readonly span: Span | null;
}

export interface ForwardingTable {
  readonly entries: readonly ForwardingEntry[];
  /** A listing without filter was shown. */
  readonly whole: boolean;
}
