/** `ping`, `curl`, `nc` and `dig` on the emulated node, or in a pod's namespace. */
import { formatAddress, parseAddress } from '../../address/address.js';
import { contains } from '../../address/prefix.js';
import { TABLE_ID } from '../../routing/model.js';
import type { LabPod } from '../lab.js';
import { resolve } from './far-end.js';
import { type Call, type Output, Unknown, refuse, unknownOption } from './output.js';
import { proxied } from './published.js';
import { hashOf } from './segments.js';
import type { Answer, Request, Sender } from './traffic.js';

/** The device that leads to a pod: of the longest prefix among the routes without a gateway. */
export function deviceOf({ shell }: Call, pod: LabPod): string | null {
  let [device, longest]: [string | null, number] = [null, 0];
  for (const routes of shell.machine.node.networks[typeof pod.address === 'bigint' ? 6 : 4].tables.values())
    for (const { destination, nexthops, type } of routes) {
      const fits = type === 'unicast' && nexthops[0]?.via === null && contains(destination, pod.address);
      const length = destination.length ?? 0;
      if (fits && length > longest) [device, longest] = [nexthops[0]?.device ?? null, length];
    }
  return device;
}

/** Who sends: a process of the node, or of a pod. */
function senderOf(call: Call): Sender {
  if (call.pod === null) return { device: null, address: null, user: call.shell.user };
  const device = ownDevice(call, call.pod) ?? deviceOf(call, call.pod);
  if (device === null)
    throw new Unknown('LAB_SH_FORM', {
      command: call.name,
      form: `${call.pod.name}: no route to it on this node`,
    });
  const isOwn = device === 'lo';
  const address = formatAddress(call.pod.address);
  return { device: isOwn ? null : device, address, user: isOwn ? call.shell.user : null };
}

/** A pod of the node's own network is a process of the node. */
function ownDevice({ shell }: Call, pod: LabPod): string | null {
  const local = shell.machine.node.networks[4].tables.get(TABLE_ID.local) ?? [];
  return local.some(({ type, destination }) => type === 'local' && destination.address === pod.address)
    ? 'lo'
    : null;
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  'icmp-net-unreachable': 'Destination Net Unreachable',
  'icmp-host-unreachable': 'Destination Host Unreachable',
  'icmp-port-unreachable': 'Destination Port Unreachable',
  'icmp-proto-unreachable': 'Destination Protocol Unreachable',
  'icmp-net-prohibited': 'Destination Net Prohibited',
  'icmp-host-prohibited': 'Destination Host Prohibited',
  'icmp-admin-prohibited': 'Packet filtered',
  ENETUNREACH: 'Destination Net Unreachable',
  EHOSTUNREACH: 'Destination Host Unreachable',
  EACCES: 'Packet filtered',
  ttl: 'Time to live exceeded',
};

/** What connect() fails with: an ICMP error (net/ipv4/icmp.c, icmp_err_convert), or the node's own. */
const ERRORS: Readonly<Record<string, string>> = {
  'icmp-port-unreachable': 'Connection refused',
  'icmp-proto-unreachable': 'Protocol not available',
  'icmp-net-unreachable': 'Network is unreachable',
  'icmp-net-prohibited': 'Network is unreachable',
  ENETUNREACH: 'Network is unreachable',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
};

/** What natwalk cannot say is said; null for what it can. */
function unsure(answer: Answer, call: Call): Output | null {
  if (answer.kind === 'unknown')
    return refuse(call.shell.say('LAB_SH_UNSURE', { codes: answer.codes.join(', ') }), 1);
  if (answer.kind === 'invalid')
    return refuse(answer.codes.map((code) => call.shell.tell(code, {})).join('\n'), 2);
  return null;
}

interface PingOptions {
  count: number;
  interval: number;
  size: number;
  quiet: boolean;
  name: string;
}

function readPing(words: readonly string[]): PingOptions {
  const options: PingOptions = { count: 4, interval: 1, size: 56, quiet: false, name: '' };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, flag = '', joined] = /^-([ciWwst])(.*)$/.exec(word) ?? [];
    if (flag !== '') {
      const text = joined === '' ? (words[(at += 1)] ?? '') : (joined ?? '');
      const value = /^\d{1,5}(?:\.\d{1,3})?$/.test(text) ? Number(text) : null;
      if (value === null) throw unknownOption('ping', `${word} ${text}`.trim(), PING_KNOWN);
      if (flag === 'c') options.count = Math.min(100, Math.max(1, Math.floor(value)));
      if (flag === 'i') options.interval = value;
      if (flag === 's') options.size = Math.floor(value);
    } else if (word === '-q') options.quiet = true;
    else if (!/^-[nO46]+$/.test(word)) {
      if (word.startsWith('-')) throw unknownOption('ping', word, PING_KNOWN);
      options.name = word;
    }
  }
  return options;
}

const PING_KNOWN = '-c N -i S -s BYTES -W S -n -q ADDRESS';

/** `ping [-c N] ADDRESS`; without -c four packets. */
export function ping(words: readonly string[], call: Call): Output {
  const options = readPing(words);
  const { shell } = call;
  const to = resolve(shell.world, options.name);
  if (to === null) return refuse(`ping: ${options.name}: Name or service not known`, 2);
  const request: Request = { sender: senderOf(call), protocol: 'icmp', to, port: 0, payload: options.size };
  const talk = shell.talk(request);
  const head = `PING ${options.name} (${to}) ${String(options.size)}(${String(options.size + 28)}) bytes of data.`;
  const out = [head];
  let [sent, received] = [0, 0];
  for (let turn = 1; turn <= options.count; turn += 1) {
    if (turn > 1) shell.machine.pass(options.interval * 1000);
    const answer = talk.ask();
    const failed = unsure(answer, call);
    if (failed !== null) return failed;
    if (
      answer.kind === 'unreachable' &&
      request.sender.device === null &&
      sent === 0 &&
      answer.why.startsWith('E')
    )
      return refuse('ping: connect: Network is unreachable', 2);
    sent += 1;
    if (answer.kind === 'answered') received += 1;
    const line = pingLine(answer, to, turn, options.size);
    if (line !== null && !options.quiet) out.push(line);
  }
  talk.finish?.();
  const loss = Math.round(((sent - received) / sent) * 100);
  const time = Math.round((sent - 1) * options.interval * 1000);
  out.push('', `--- ${options.name} ping statistics ---`);
  out.push(
    `${String(sent)} packets transmitted, ${String(received)} received, ${String(loss)}% packet loss, time ${String(time)}ms`,
  );
  if (received > 0) out.push('rtt min/avg/max/mdev = 1.000/1.000/1.000/0.000 ms');
  else out.push('');
  return { out: out.map((line) => `${line}\n`).join(''), err: '', status: received > 0 ? 0 : 1 };
}

function pingLine(answer: Answer, to: string, turn: number, size: number): string | null {
  if (answer.kind === 'answered')
    return `${String(size + 8)} bytes from ${to}: icmp_seq=${String(turn)} ttl=${String(answer.ttl)} time=1.00 ms`;
  if (answer.kind !== 'unreachable') return null;
  return `From ${answer.from ?? 'gateway'} icmp_seq=${String(turn)} ${UNREACHABLE[answer.why] ?? 'Destination Host Unreachable'}`;
}

interface Url {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** `http://host:port/path`, or without the scheme. */
function urlOf(text: string): Url | null {
  const [, scheme = 'http', six, name, port, path = '/'] =
    /^(?:(https?):\/\/)?(?:\[([0-9a-fA-F:]+)\]|([\w.-]+))(?::(\d{1,5}))?(\/\S*)?$/.exec(text) ?? [];
  const host = six ?? name;
  if (host === undefined) return null;
  return { host, port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port), path };
}

/** What curl sends; the version is the emulation's own. */
function requestOf({ host, port, path }: Url): string {
  const name = `${host}${port === 80 ? '' : `:${String(port)}`}`;
  return `GET ${path} HTTP/1.1\r\nHost: ${name}\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n`;
}

const CURL_KNOWN = "-s -S -m S --connect-timeout S -o FILE -w '%{http_code}' URL";

/** What `-w` adds, by the code of the answer: `000` where nobody has answered (curl(1), --write-out). */
function writtenOut(format: string, code: string): string {
  return format.replace(/%\{(?:http_code|response_code)\}/g, code).replaceAll('\\n', '\n');
}

/** A request that failed. @param sentence null where nothing is to be said of it */
function curlFailed(format: string, sentence: string | null, code: number): Output {
  const err = sentence === null ? '' : `curl: (${String(code)}) ${sentence}\n`;
  return { out: writtenOut(format, '000'), err, status: code };
}

/** `curl [-s] URL`. */
export function curl(words: readonly string[], call: Call): Output {
  let [text, format, seconds]: [string, string, number | null] = ['', '', null];
  let [silent, showError, discard] = [false, false, false];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    // Short options stand together, the last one with its value behind it.
    const [isShort, letters = '', last = ''] = /^-([sSkf4]*)([mow]?)$/.exec(word) ?? [];
    silent ||= letters.includes('s') || word === '--silent';
    showError ||= letters.includes('S');
    if (last === 'm' || word === '--max-time' || word === '--connect-timeout')
      seconds = Number(words[(at += 1)]) || 1;
    else if (last === 'o') discard = words[(at += 1)] === '/dev/null';
    else if (last === 'w' || word === '--write-out') format = words[(at += 1)] ?? '';
    else if ((isShort !== undefined && word !== '-') || word === '--silent') continue;
    else if (word.startsWith('-')) throw unknownOption('curl', word, CURL_KNOWN);
    else text = word;
  }
  const url = urlOf(text);
  if (url === null) return refuse('curl: (3) URL using bad/illegal format or missing URL', 3);
  const tell = (code: number, sentence: string): Output =>
    curlFailed(format, silent && !showError ? null : sentence, code);
  const { shell } = call;
  const to = resolve(shell.world, url.host);
  if (to === null) return tell(6, `Could not resolve host: ${url.host}`);
  const request: Request = {
    sender: senderOf(call),
    protocol: 'tcp',
    to,
    port: url.port,
    payload: requestOf(url).length,
    http: url.path,
  };
  const talk = shell.talk(request);
  const answer = talk.ask();
  const failed = unsure(answer, call);
  if (failed !== null) return failed;
  talk.finish?.();
  const where = `Failed to connect to ${url.host} port ${String(url.port)} after`;
  if (answer.kind === 'refused') return tell(7, `${where} 1 ms: Connection refused`);
  if (answer.kind === 'unreachable')
    return tell(7, `${where} 1 ms: ${ERRORS[answer.why] ?? 'No route to host'}`);
  if (answer.kind !== 'answered') {
    const limit = (seconds ?? 130) * 1000;
    shell.machine.pass(limit);
    return tell(
      28,
      seconds === null
        ? `${where} ${String(limit)} ms: Couldn't connect to server`
        : `Connection timed out after ${String(limit)} milliseconds`,
    );
  }
  const ownSays = answer.end?.name === shell.machine.name ? proxied(call, to, url.port) : '';
  const says = answer.end?.says === 'source' ? answer.seenAs : (answer.end?.says ?? ownSays);
  return {
    out: `${discard || says === '' ? '' : `${says}\n`}${writtenOut(format, '200')}`,
    err: '',
    status: 0,
  };
}

const NC_KNOWN = '-v -z -u -w S HOST PORT';

/** `nc -zv HOST PORT`. */
export function nc(words: readonly string[], call: Call): Output {
  const rest: string[] = [];
  let [udp, seconds] = [false, 5];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, joined] = /^-[vzn]*w(\d*)$/.exec(word) ?? [];
    if (joined !== undefined) seconds = Number(joined === '' ? words[(at += 1)] : joined) || 1;
    else if (/^-[vznu4]+$/.test(word)) udp ||= word.includes('u');
    else if (word.startsWith('-')) throw unknownOption('nc', word, NC_KNOWN);
    else rest.push(word);
  }
  const [name = '', digits = ''] = rest;
  const port = Number(digits);
  if (!/^\d{1,5}$/.test(digits) || port === 0 || port > 65535)
    throw unknownOption('nc', words.join(' '), NC_KNOWN);
  const { shell } = call;
  const to = resolve(shell.world, name);
  if (to === null)
    return refuse(`nc: getaddrinfo for host "${name}" port ${digits}: Name or service not known`);
  const protocol = udp ? 'udp' : 'tcp';
  const talk = shell.talk({ sender: senderOf(call), protocol, to, port, payload: udp ? 1 : 0 });
  const answer = talk.ask();
  const failed = unsure(answer, call);
  if (failed !== null) return failed;
  talk.finish?.();
  const place = `${to} ${digits} port [${protocol}/*]`;
  if (answer.kind === 'answered') return { out: '', err: `Connection to ${place} succeeded!\n`, status: 0 };
  const why =
    answer.kind === 'refused'
      ? 'Connection refused'
      : answer.kind === 'unreachable'
        ? (ERRORS[answer.why] ?? 'No route to host')
        : 'Connection timed out';
  if (answer.kind === 'timeout') shell.machine.pass(seconds * 1000);
  return refuse(`nc: connect to ${to} port ${digits} (${protocol}) failed: ${why}`);
}

/**
 * A question for an address and its answer: a header, the name, type and class, and of EDNS an option, which has a cookie in the
 * question; an address stands behind a pointer to the name (RFC 1035, 6891, 7873).
 */
function dnsOf(
  name: string,
  found: string | null,
  clock: number,
): Pick<Request, 'payload' | 'reply' | 'dns'> {
  const id = String(hashOf(`${name} ${String(clock)}`) % 65_536);
  const asked = 12 + name.length + 2 + 4;
  return {
    payload: asked + 11 + 12,
    reply: asked + (found === null ? 0 : 16) + 11,
    dns: {
      question: `${id}+ [1au] A? ${name}.`,
      answer: found === null ? `${id} NXDomain 0/0/1` : `${id} 1/0/1 A ${found}`,
    },
  };
}

/** `dig [+short] NAME [@SERVER]`: the question goes to the resolver, the answer is what the lab's world knows. */
export function dig(words: readonly string[], call: Call): Output {
  const name = words.find((word) => !/^[@+-]/.test(word) && word !== 'A');
  const server = words.find((word) => word.startsWith('@'))?.slice(1) ?? null;
  const wrong = words.find(
    (word) =>
      word.startsWith('-') ||
      (word.startsWith('+') && !/^\+(?:short|noall|answer|tcp|time=\d+|tries=\d+)$/.test(word)),
  );
  if (wrong !== undefined || name === undefined)
    throw unknownOption('dig', wrong ?? '', '+short NAME [@SERVER]');
  const { shell } = call;
  const found = resolve(shell.world, name);
  if (server !== null) {
    const to = resolve(shell.world, server);
    if (to === null || parseAddress(to) === null)
      return refuse(`dig: couldn't get address for '${server}': not found`, 10);
    const talk = shell.talk({
      sender: senderOf(call),
      protocol: 'udp',
      to,
      port: 53,
      ...dnsOf(name.replace(/\.$/, ''), found, call.shell.machine.clock),
    });
    const answer = talk.ask();
    const failed = unsure(answer, call);
    if (failed !== null) return failed;
    talk.finish?.();
    if (answer.kind !== 'answered')
      return {
        out: `;; communications error to ${to}#53: ${answer.kind === 'refused' ? 'connection refused' : 'timed out'}\n`,
        err: '',
        status: 9,
      };
  }
  if (words.includes('+short')) return { out: found === null ? '' : `${found}\n`, err: '', status: 0 };
  if (found !== null) return { out: `${name}.\t\t60\tIN\tA\t${found}\n`, err: '', status: 0 };
  const id = hashOf(name) % 65_536;
  const header = `;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: ${String(id)}\n`;
  return { out: words.includes('+noall') ? '' : header, err: '', status: 0 };
}
