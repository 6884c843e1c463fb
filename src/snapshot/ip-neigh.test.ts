/** `ip neigh`, text and JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { formatAddress } from '../address/address.js';
import { mergeNeighbours, printNeighbours, readNeighbours } from './ip-neigh.js';

function read(
  text: string,
  device: string | null = null,
): { readonly lines: readonly string[]; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  const entries = readNeighbours(report, device);
  const merged = mergeNeighbours([{ entries, families: new Set(), partial: true }]);
  const lines = ([4, 6] as const).flatMap((family) =>
    [false, true].flatMap((proxy) => (merged === null ? [] : printNeighbours(merged, family, proxy))),
  );
  return { lines, codes: codes() };
}

describe('ip neigh', () => {
  it.each<[string, string, string]>([
    [
      '10.0.0.1 dev up0 lladdr 02:00:00:00:00:01 REACHABLE',
      '',
      '{"dst":"10.0.0.1","dev":"up0","lladdr":"02:00:00:00:00:01","state":["REACHABLE"]}',
    ],
    ['10.0.0.3 dev up0 FAILED', '', '{"dst":"10.0.0.3","dev":"up0","state":["FAILED"]}'],
    [
      'fe80::1 dev up0 lladdr 02:00:00:00:00:01 router STALE',
      '',
      '{"dst":"fe80::1","dev":"up0","lladdr":"02:00:00:00:00:01","router":null,"state":["STALE"]}',
    ],
    ['10.0.0.8 dev up0 proxy', '', '{"dst":"10.0.0.8","dev":"up0","proxy":null}'],
    [
      '10.0.0.9 dev e0 lladdr 02:00:00:00:00:07 extern_learn PERMANENT proto zebra',
      '',
      '{"dst":"10.0.0.9","dev":"e0","lladdr":"02:00:00:00:00:07","extern_learn":null,"state":["PERMANENT"],"protocol":"zebra"}',
    ],
    // -s adds statistics, whose last word runs into the next.
    [
      '10.0.0.1 dev up0 lladdr 02:00:00:00:00:01 REACHABLE',
      '10.0.0.1 dev up0 lladdr 02:00:00:00:00:01  ref 1 used 0/0/0probes 0 REACHABLE ',
      '{"dst":"10.0.0.1","dev":"up0","lladdr":"02:00:00:00:00:01","refcnt":1,"used":0,"confirmed":0,"updated":0,"probes":0,"state":["REACHABLE"]}',
    ],
  ])('%s', (canonical, text, json) => {
    expect(read(`${text === '' ? canonical : text}\n`)).toEqual({ lines: [canonical], codes: [] });
    expect(read(`[${json}]`)).toEqual({ lines: [canonical], codes: [] });
  });

  it('takes the device of the command where the lines name none', () => {
    expect(read('10.0.0.3  FAILED\n', 'e7').lines).toEqual(['10.0.0.3 dev e7 FAILED']);
    expect(read('[{"dst":"10.0.0.3","state":["FAILED"]}]', 'e7').lines).toEqual(['10.0.0.3 dev e7 FAILED']);
  });

  it.each<[string, readonly string[]]>([
    ['10.0.0.3 dev up0 ASLEEP\n', ['READ_WORD@1:18']],
    ['router dev up0 FAILED\n', ['READ_LINE@1:1']],
    ['10.0.0.3 dev up0 FAILED\n10.0.0.4 dev up0 lladdr', ['READ_WORD@2:18']],
    ['[{"dev":"e0","state":["FAILED"]}]', ['READ_JSON_ITEM@1:2']],
    ['[{"dst":"here","dev":"e0","state":["FAILED"]}]', ['READ_VALUE@1:10']],
    ['[{"dst":"10.0.0.1","dev":"e0","state":["__proto__"]}]', ['READ_JSON_ITEM@1:40']],
  ])('%s', (text, codes) => {
    expect(read(text).codes).toEqual(codes);
  });

  it('puts listings together: a whole one before a part', () => {
    const list = (text: string) => readNeighbours(open(text).report, null);
    const merged = mergeNeighbours([
      {
        entries: list('10.0.0.1 dev e0 FAILED\nfe80::1 dev e0 FAILED\n'),
        families: new Set([4, 6]),
        partial: true,
      },
      {
        entries: list('10.0.0.1 dev e0 lladdr 02:00:00:00:00:01 STALE\n'),
        families: new Set([4]),
        partial: false,
      },
    ]);
    expect(merged?.whole).toEqual(new Set([4]));
    expect(
      merged?.entries.map(({ address, states }) => `${formatAddress(address)} ${states.join(',')}`),
    ).toEqual(['10.0.0.1 STALE', 'fe80::1 FAILED']);
  });

  it('never throws', () => {
    const word = fc.constantFrom(
      '10.0.0.1',
      'dev',
      'e0',
      'lladdr',
      'used',
      '0/0/0probes',
      'proto',
      'FAILED',
      '__proto__',
      '\n',
      '[',
      '{"dst":',
    );
    fc.assert(fc.property(fc.array(word), (words) => void read(words.join(' '))));
  });
});
