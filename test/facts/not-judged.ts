/** What the kernel is not asked here, with the reason. natwalk leaves it open, or says what it takes for granted. */
import { table } from '../support/router.js';
import { type Fact, fact, forwarded, fromLan } from './fact.js';

export interface NotJudged {
  readonly fact: Fact;
  readonly reason: string;
}

const either = [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })];
const rule = (match: string): string =>
  table('mangle', `-A FORWARD ${match} -j MARK --set-xmark 0x1/0x1`) + table('filter', '');

export const NOT_JUDGED: readonly NotJudged[] = [
  {
    fact: fact(
      'whether IPsec has decrypted a packet is open',
      { save: rule('-m policy --dir in --pol ipsec') },
      [fromLan(), either, ['UNK_IPSEC']],
    ),
    reason: 'the judge makes no IPsec policies',
  },
  {
    fact: fact(
      'the rates of a hashlimit table are open',
      {
        save: rule(
          '-m hashlimit --hashlimit-upto 1/min --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name h',
        ),
      },
      [fromLan(), either, ['UNK_HASHLIMIT']],
    ),
    reason: 'what the kernel does depends on packets long before',
  },
];
