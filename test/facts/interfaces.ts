/** Names of devices in rules. */
import { table } from '../support/save.js';
import { POD, type Section, delivered, fact, forwarded, fromLan, fromNode, fromWan, sent } from './fact.js';
import { ETH0 } from './node.js';

const one = '-j MARK --set-xmark 0x1/0x1';
const mangle = (...lines: readonly string[]): string =>
  table('mangle', lines.join('\n')) + table('filter', '');
const user = (hook: string, rule: string): string =>
  mangle(':A - [0:0]', `-A ${hook} -j A`, `-A A ${rule} ${one}`);

const NAMES: readonly (readonly [option: string, holds: boolean, why: string])[] = [
  ['-i eth1', true, 'a name is itself'],
  ['-i eth', false, 'a name is no prefix'],
  ['-i eth+', true, 'trap: + stands for any rest'],
  ['-i eth1+', true, 'trap: + stands for no rest too'],
  ['-i eth11+', false, 'what is before + has to be there'],
  ['-i e+', true, 'trap: one letter and + will do'],
  ['-i ETH1', false, 'letters are compared as they are'],
  ['! -i eth1', false, '! turns a name round'],
  ['! -i eth0', true, '! holds for every other name'],
  ['! -i eth+', false, '! turns a prefix round'],
  ['! -i eni+', true, '! holds for what does not begin so'],
];

/** Where a device is not there, its name is empty. */
const MISSING: readonly (readonly [hook: string, option: string, holds: boolean])[] = [
  ['PREROUTING', '-o eth0', false],
  ['PREROUTING', '! -o eth0', true],
  ['PREROUTING', '-o +', true],
  ['PREROUTING', '-o e+', false],
];
const MISSING_OUT: readonly (readonly [hook: string, option: string, holds: boolean])[] = [
  ['OUTPUT', '-i eth0', false],
  ['OUTPUT', '! -i eth0', true],
  ['POSTROUTING', '-i eth0', false],
  ['POSTROUTING', '! -i eth0', true],
];

export const interfaces: Section = {
  title: '6. devices',
  facts: [
    ...NAMES.map(([option, holds, why]) =>
      fact(
        `${why}: ${option} ${holds ? 'holds' : 'does not hold'} of eth1`,
        { save: mangle(`-A PREROUTING ${option} ${one}`) },
        [fromLan(), forwarded('eth0', { mark: holds ? 1 : 0 })],
      ),
    ),
    fact(
      'trap: eni+ holds of the devices of pods',
      {
        save: mangle(`-A PREROUTING -i eni+ ${one}`),
        links: [ETH0, { name: 'eni1f4c3ab7e90', addresses: [] }],
        routes: [`${POD} dev eni1f4c3ab7e90 scope link`],
      },
      [fromLan({ in: 'eni1f4c3ab7e90' }), forwarded('eth0', { mark: 1 })],
      [fromWan({ dst: POD }), forwarded('eni1f4c3ab7e90', { mark: 0 })],
    ),
    fact('trap: * is a letter like any other', { save: mangle(`-A PREROUTING -i eth* ${one}`) }, [
      fromLan(),
      forwarded('eth0', { mark: 0 }),
    ]),
    ...MISSING.map(([hook, option, holds]) =>
      fact(
        `${option} ${holds ? 'holds' : 'does not hold'} in a chain that ${hook} calls`,
        { save: user(hook, option) },
        [fromLan(), forwarded('eth0', { mark: holds ? 1 : 0 })],
      ),
    ),
    ...MISSING_OUT.map(([hook, option, holds]) =>
      fact(
        `${option} ${holds ? 'holds' : 'does not hold'} in a chain that ${hook} calls for what the node sends`,
        { save: user(hook, option) },
        [fromNode(), sent('eth0', { mark: holds ? 1 : 0 })],
      ),
    ),
    fact(
      '-o does not hold in a chain that INPUT calls, and ! -o does',
      {
        save: mangle(
          ':A - [0:0]',
          '-A INPUT -j A',
          `-A A -o eth0 ${one}`,
          '-A A ! -o eth0 -j MARK --set-xmark 0x2/0x2',
        ),
      },
      [fromWan({ proto: 'udp' }), delivered({ mark: 2 })],
    ),
    fact('FORWARD knows both devices', { save: mangle(`-A FORWARD -i eth1 -o eth0 ${one}`) }, [
      fromLan(),
      forwarded('eth0', { mark: 1 }),
    ]),
    fact('POSTROUTING knows where a forwarded packet came in', { save: user('POSTROUTING', '-i eth1') }, [
      fromLan(),
      forwarded('eth0', { mark: 1 }),
    ]),
  ],
};
