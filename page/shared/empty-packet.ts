/** A form that nothing was written into. */
import type { PacketForm } from './protocol.js';

export const EMPTY_PACKET: PacketForm = {
  from: '',
  to: '',
  proto: 'tcp',
  in: '',
  mark: '',
  tcpFlags: '',
  icmp: '',
  ttl: '',
  uid: '',
  gid: '',
  ct: '',
};
