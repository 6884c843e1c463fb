/** Conditions on extension headers, on bits of the transport header, and on labels of connections. */
import { type Hint, type Part, type RuleContext, not, only } from './context.js';

type Make = (context: RuleContext) => Part | null;

const part = (text: string, hint: Hint = {}): Part => ({ text, hint });

const ecn: Make = ({ draw, proto }) => {
  const codepoint = draw.integer(0, 3);
  if (proto !== 'tcp' || draw.chance(50))
    return part(`-m ecn ${not(draw)}--ecn-ip-ect ${codepoint}`, { tos: codepoint });
  return draw.pick([
    part(`-m ecn ${not(draw)}--ecn-tcp-ece`, { tcpFlags: ['ACK', 'ECE'] }),
    part(`-m ecn ${not(draw)}--ecn-tcp-cwr`, { tcpFlags: ['ACK', 'CWR'] }),
    part(`-m ecn --ecn-tcp-ece ${not(draw)}--ecn-tcp-cwr --ecn-ip-ect ${codepoint}`, {
      tcpFlags: ['SYN', 'ECE', 'CWR'],
      tos: codepoint,
    }),
  ]);
};

/** Without SYN, what these two ask for is settled. */
const withoutSyn: Make = (context) => {
  const { draw, proto, family } = context;
  if (proto !== 'tcp') return null;
  const hint: Hint = { tcpFlags: ['ACK'] };
  const prefix = '-m tcp --tcp-flags SYN NONE';
  if (family === 4 && draw.chance(40) && only(context, ['PREROUTING', 'INPUT', 'FORWARD']))
    return part(`${prefix} -m osf ${not(draw)}--genre Linux`, hint);
  return part(`${prefix} -m tcpmss ${not(draw)}--mss 536:1460`, hint);
};

const indexes: Make = ({ draw, proto }) =>
  proto === 'ah' ? part(`-m ah ${not(draw)}--ahspi ${draw.pick(['0:4294967295', '9:5'])}`) : null;

const HEADERS = ['hop-by-hop', 'ipv6-opts', 'ipv6-route', 'ipv6-frag', 'ah', 'esp', 'ipv6-nonxt', 'protocol'];

const extension: Make = (context) => {
  const { draw, family } = context;
  if (family === 4) return null;
  const headers = HEADERS.filter(() => draw.chance(25));
  const list = headers.length > 0 ? headers : ['protocol'];
  return draw.pick([
    part(`-m ipv6header ${not(draw, 40)}--header ${list.join(',')}`),
    part(`-m ipv6header ${not(draw, 40)}--header ${list.join(',')} --soft`),
    part(draw.pick(['-m frag', `-m frag ${not(draw)}--fragid 0:5`, '-m frag --fragfirst --fragmore'])),
    part(draw.pick(['-m hbh', `-m hbh ${not(draw)}--hbh-len 8`])),
    part(draw.pick(['-m dst', `-m dst ${not(draw)}--dst-len 8 --dst-opts 1:2`])),
    part(draw.pick(['-m rt', `-m rt ${not(draw)}--rt-type 0`])),
    part(draw.pick(['-m srh', `-m srh ${not(draw)}--srh-tag 0`])),
    part(draw.pick(['-m ah', `-m ah ${not(draw)}--ahspi 5`])),
    ...(only(context, ['PREROUTING', 'INPUT', 'FORWARD']) ? [part('-m eui64')] : []),
  ]);
};

const labels: Make = ({ draw }) =>
  part(
    `-m connlabel ${not(draw)}--label "${draw.pick(['0', '1', '127'])}"${draw.chance(50) ? ' --set' : ''}`,
  );

const MAKERS: readonly Make[] = [ecn, ecn, withoutSyn, indexes, extension, extension, labels, labels];

/** A condition that the packet, or its connection, settles. */
export const headerMatch: Make = (context) => context.draw.pick(MAKERS)(context);

/** One that hangs on what is not described. */
export const openHeaderMatch: Make = (context) => {
  const { draw, proto } = context;
  if (proto === 'tcp') return part(`-m tcpmss ${not(draw)}--mss 536:1460`, { tcpFlags: ['SYN'] });
  return only(context, ['INPUT', 'OUTPUT', 'POSTROUTING'])
    ? part(`-m cgroup ${not(draw)}${draw.pick(['--path "/"', '--cgroup 1'])}`)
    : null;
};
