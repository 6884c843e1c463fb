import { type Address, formatAddress } from '../../address/address.js';
import { unsure } from '../../chooser/question.js';
import { type MatchExtension, type ValueType, defineMatch, printOptions } from '../extension.js';
import { HEADER, hasHeader } from '../values/extension-header.js';
import { type HostMask, hostMask } from '../values/host-mask.js';
import { lacksHeader } from '../values/header-match.js';
import { integer } from '../values/number.js';

const ROUTING = { name: 'segment routing', number: HEADER.routing };

const byte = integer(0, 255);
/** A segment with its length, which is always printed. */
const segment: ValueType<HostMask> = {
  ...hostMask,
  print: ({ address, prefix }: { address: Address; prefix: HostMask['prefix'] }) =>
    `${formatAddress(address)}/${String(prefix.length ?? 128)}`,
};

const options = {
  next: { flag: '--srh-next-hdr', value: byte, invert: true },
  lengthEq: { flag: '--srh-hdr-len-eq', value: byte, invert: true },
  lengthGt: { flag: '--srh-hdr-len-gt', value: byte, invert: true },
  lengthLt: { flag: '--srh-hdr-len-lt', value: byte, invert: true },
  leftEq: { flag: '--srh-segs-left-eq', value: byte, invert: true },
  leftGt: { flag: '--srh-segs-left-gt', value: byte, invert: true },
  leftLt: { flag: '--srh-segs-left-lt', value: byte, invert: true },
  lastEq: { flag: '--srh-last-entry-eq', value: byte, invert: true },
  lastGt: { flag: '--srh-last-entry-gt', value: byte, invert: true },
  lastLt: { flag: '--srh-last-entry-lt', value: byte, invert: true },
  tag: { flag: '--srh-tag', value: integer(0, 65535), invert: true },
  previous: { flag: '--srh-psid', value: segment, invert: true },
  following: { flag: '--srh-nsid', value: segment, invert: true },
  final: { flag: '--srh-lsid', value: segment, invert: true },
} as const;

/** A routing header of type 4; of which type one is, no description says. */
const match: MatchExtension = defineMatch({
  name: 'srh',
  families: [6],
  kernel: 'net/ipv6/netfilter/ip6t_srh.c srh1_mt6',
  missing: 'of which type a routing header is, and what is in it, is an open question',
  options,
  evaluate(values, packet) {
    if (hasHeader(packet, ROUTING.number) === false) return false;
    const wanted = printOptions(options, values, 6);
    return unsure(`${ROUTING.name} header ${wanted}`, 'UNK_HEADER', { name: ROUTING.name, wanted });
  },
  explain: () => lacksHeader(ROUTING),
});
export default match;
