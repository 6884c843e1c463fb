/** What `ip -d link` says of a link's kind: where frames go that enter it. */
import type { Address } from '../address/address.js';

/** Settings of a kind as far as they decide where frames go. What the listing does not show, or `any`, is left out. */
export interface LinkDetails {
  /** VNI of a vxlan or geneve device, identifier of a VLAN, if_id of an xfrm interface. */
  readonly id?: number;
  /** Of a VLAN: 802.1Q or 802.1ad. */
  readonly protocol?: string;
  /** The far end of a tunnel. */
  readonly remote?: Address;
  /** The multicast group that a vxlan device sends to where it knows no far end. */
  readonly group?: Address;
  readonly local?: Address;
  /** The device that the outer packets have to use. */
  readonly device?: string;
  /** Destination port of the outer UDP packets. */
  readonly port?: number;
  /** Whether a vxlan device learns far ends from what it receives. */
  readonly learning?: boolean;
  /** Far end and key come from the route or the rule that sends the packet (`external`). */
  readonly external?: boolean;
  readonly inputKey?: string;
  readonly outputKey?: string;
  /** Routing table of a VRF. */
  readonly table?: number;
  /** Of macvlan, ipvlan, bond, netkit; of a tunnel what it carries (`ipip`, `ip6ip`, `any`). */
  readonly mode?: string;
  readonly vlanFiltering?: boolean;
  /** A bridge's own options to ask the rules of IP, beside those of the namespace. */
  readonly callIptables?: boolean;
  readonly callIp6tables?: boolean;
}
