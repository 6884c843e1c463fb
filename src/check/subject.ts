/** What an expectation looks at: one outcome of a walk, or the answer's. */
import type { MessageId } from '../explain/messages/index.js';
import { senderSees } from '../explain/sender.js';
import { viewOf } from '../explain/view.js';
import type { CompletedPacket, Outcome } from '../packet/result.js';

export interface Subject {
  readonly packet: CompletedPacket;
  readonly outcome: Outcome;
}

/** What a sender may see: the message ids of explain/sender.ts without SEES_, as words. */
export const SEES = [
  'timeout',
  'refused',
  'net-unreachable',
  'host-unreachable',
  'no-protocol',
  'denied',
  'invalid',
  'no-address',
  'not-permitted',
  'ttl',
  'too-long',
  'synproxy',
  'nothing',
  'error',
  'reset',
  'unheard',
] as const;

const ID_VIEW = { ...viewOf(), say: (id: MessageId): string => id };

/** What the sender sees, as one of SEES; null for a packet that goes on. */
export function seesOf({ packet, outcome }: Subject): string | null {
  const id = senderSees(packet, outcome, ID_VIEW);
  return id === null
    ? null
    : id
        .replace(/^SEES_/, '')
        .replaceAll('_', '-')
        .toLowerCase();
}
