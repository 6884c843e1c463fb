import { type Ternary, allOf, invertIf, unsure } from '../../chooser/question.js';
import {
  BadValue,
  type Given,
  type MatchExtension,
  type Reason,
  type ValueType,
  type Values,
  defineMatch,
} from '../extension.js';
import { type NumberSpan, parseNumber } from '../values/number.js';
import { flag } from '../values/text.js';
import type { PacketView } from '../view.js';

/** (uid_t) -1 means "none". */
const MAX_ID = 0xfffffffe;

/** Ids, or the name of a user or group that only the node can turn into one. */
type Ids = NumberSpan | string;

function parseIds(word: string): Ids | BadValue {
  const [left = '', right, ...rest] = word.split('-');
  const from = parseNumber(left);
  const to = right === undefined ? from : parseNumber(right);
  if (from !== null && to !== null && rest.length === 0) {
    if (from > MAX_ID || to > MAX_ID) return new BadValue('VAL_BOUNDS', { text: word, min: 0, max: MAX_ID });
    return from <= to ? { from, to } : new BadValue('VAL_SPAN_ORDER', { text: word });
  }
  if (word === 'root') return { from: 0, to: 0 };
  return /^[a-z_][\w.-]*\$?$/i.test(word) ? word : new BadValue('VAL_OWNER', { text: word });
}

const ids: ValueType<Ids> = {
  words: 1,
  parse: ([word = '']) => parseIds(word),
  print(value) {
    if (typeof value === 'string') return value;
    return value.from === value.to ? String(value.from) : `${String(value.from)}-${String(value.to)}`;
  },
};

const options = {
  socket: { flag: '--socket-exists', value: flag, invert: true },
  uid: { flag: '--uid-owner', value: ids, invert: true },
  gid: { flag: '--gid-owner', value: ids, invert: true },
  supplementary: { flag: '--suppl-groups', value: flag, needs: ['gid'] },
} as const;

type Options = Values<typeof options>;

function isOne(what: string, wanted: Ids, has: number | null): Ternary {
  const text = ids.print(wanted, 4);
  if (has === null || typeof wanted === 'string')
    return unsure(`${what} of the sender is ${text}`, 'UNK_OWNER', { what, wanted: text });
  return has >= wanted.from && has <= wanted.to;
}

function isUser({ value, inverted }: Given<Ids>, packet: PacketView): Ternary {
  return invertIf(inverted, isOne('uid', value, packet.uid));
}

function isGroup({ value, inverted }: Given<Ids>, supplementary: boolean, packet: PacketView): Ternary {
  const own = isOne('gid', value, packet.gid);
  if (own !== false || !supplementary) return invertIf(inverted, own);
  const wanted = ids.print(value, 4);
  return invertIf(
    inverted,
    unsure(`a group of the sender is ${wanted}`, 'UNK_OWNER', { what: 'group', wanted }),
  );
}

/** Without a socket it says yes only when every option given is inverted. */
const match: MatchExtension = defineMatch({
  name: 'owner',
  kernel: 'net/netfilter/xt_owner.c owner_mt',
  missing: 'names of users and groups, and the supplementary groups of a process, are open questions',
  placement: { hooks: ['OUTPUT', 'POSTROUTING'] },
  options,
  check: ({ socket, uid, gid }: Options) =>
    (socket ?? uid ?? gid) === undefined
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--uid-owner, --gid-owner, --socket-exists' })
      : null,
  evaluate({ socket, uid, gid, supplementary }, packet) {
    if (!packet.isLocal) return [socket, uid, gid].every((given) => given === undefined || given.inverted);
    if (socket?.inverted === true) return false;
    return allOf([
      uid === undefined || isUser(uid, packet),
      gid === undefined || isGroup(gid, supplementary !== undefined, packet),
    ]);
  },
  explain({ socket, uid, gid }, packet): Reason {
    if (!packet.isLocal) {
      const option = socket?.inverted === false ? 'socket' : uid?.inverted === false ? 'uid' : 'gid';
      return { code: 'NO_SOCKET_OWNER', option, params: {} };
    }
    if (socket?.inverted === true) return { code: 'NO_OWNER_SOCKET', option: 'socket', params: {} };
    const byUser = uid !== undefined && isUser(uid, packet) === false;
    const given = byUser ? uid : gid;
    const wanted = given === undefined ? '' : `${given.inverted ? 'not ' : ''}${ids.print(given.value, 4)}`;
    const has = (byUser ? packet.uid : packet.gid) ?? '';
    return {
      code: 'NO_OWNER',
      option: byUser ? 'uid' : 'gid',
      params: { what: byUser ? 'uid' : 'gid', has, wanted },
    };
  },
});
export default match;
