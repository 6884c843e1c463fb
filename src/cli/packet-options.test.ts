import { describe, expect, it } from 'vitest';
import { plain } from '../explain/colour.js';
import { type PacketOptions, readEndpoint, readPacketOptions } from '../ask/packet-options.js';
import { UsageError, renderUsage } from './usage.js';

function codeOf(options: PacketOptions): string {
  try {
    readPacketOptions(options);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return '';
}

describe('addresses with ports', () => {
  it.each([
    ['192.168.1.1', '192.168.1.1', null],
    ['192.168.1.1:443', '192.168.1.1', 443],
    ['2001:db8::1', '2001:db8::1', null],
    ['[2001:db8::1]', '2001:db8::1', null],
    ['[2001:db8::1]:443', '2001:db8::1', 443],
    ['::', '::', null],
    ['10.0.0.1:0', '10.0.0.1', 0],
  ])('reads %s', (text, address, port) => {
    expect(readEndpoint('--to', text)).toEqual({ address, port });
  });

  it.each([
    '',
    'x',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '[1.2.3',
    ':80',
    '1.2.3.4:',
    '1.2.3.4:x',
    '1.2.3.4:65536',
    '1.2.3.4:-1',
    '2001:db8::g',
  ])('refuses "%s"', (text) => {
    expect(() => readEndpoint('--to', text)).toThrow(UsageError);
  });
});

describe('packet options', () => {
  it('make a TCP packet by themselves', () => {
    expect(readPacketOptions({ from: '10.0.0.1:5', to: '10.0.0.2:443' })).toEqual({
      proto: 'tcp',
      src: '10.0.0.1',
      sport: 5,
      dst: '10.0.0.2',
      dport: 443,
    });
  });

  it('leave what was not given to the walk', () => {
    expect(readPacketOptions({ to: '10.0.0.2' })).toEqual({ proto: 'tcp', dst: '10.0.0.2' });
  });

  it('take everything that a packet can have', () => {
    const options: PacketOptions = {
      to: '10.0.0.2',
      proto: 'UDP',
      local: true,
      mark: '0x80',
      tos: '8',
      ttl: '3',
      length: '1500',
      uid: '0',
      gid: '7',
      oif: 'ens6',
      connected: 'Yes',
      ct: 'NEW',
    };
    expect(readPacketOptions(options)).toEqual({
      in: null,
      proto: 'udp',
      dst: '10.0.0.2',
      mark: 128,
      tos: 8,
      ttl: 3,
      length: 1500,
      uid: 0,
      gid: 7,
      oif: 'ens6',
      connected: true,
      ct: 'new',
    });
    expect(readPacketOptions({ to: '10.0.0.2', in: 'ens5' })).toMatchObject({ in: 'ens5' });
    expect(readPacketOptions({ to: '10.0.0.2', tcpFlags: 'syn,ACK' })).toMatchObject({
      tcpFlags: ['SYN', 'ACK'],
    });
    expect(readPacketOptions({ to: '10.0.0.2', tcpFlags: 'none' })).toMatchObject({ tcpFlags: [] });
  });

  it('make an ICMP packet of the right family of --icmp', () => {
    expect(readPacketOptions({ to: '10.0.0.2', icmp: '3/1', icmpId: '9' })).toEqual({
      proto: 'icmp',
      dst: '10.0.0.2',
      icmpType: 3,
      icmpCode: 1,
      icmpId: 9,
    });
    expect(readPacketOptions({ to: '::1', icmp: '128' })).toMatchObject({
      proto: 'icmpv6',
      icmpType: 128,
      icmpCode: 0,
    });
  });

  it.each<readonly [PacketOptions, string]>([
    [{}, 'USAGE_MISSING'],
    [{ from: '::1', to: '1.2.3.4' }, 'USAGE_FAMILY'],
    [{ to: '1.2.3.4', in: 'x', local: true }, 'USAGE_CONFLICT'],
    [{ to: '1.2.3.4', mark: '0x100000000' }, 'USAGE_NUMBER'],
    [{ to: '1.2.3.4', ttl: '256' }, 'USAGE_NUMBER'],
    [{ to: '1.2.3.4', ttl: '1e2' }, 'USAGE_NUMBER'],
    [{ to: '1.2.3.4', tcpFlags: 'SIN' }, 'USAGE_FLAGS'],
    [{ to: '1.2.3.4', icmp: '8/x' }, 'USAGE_ICMP'],
    [{ to: '1.2.3.4', icmp: '256' }, 'USAGE_ICMP'],
    [{ to: '1.2.3.4', ct: 'old' }, 'USAGE_CHOICE'],
    [{ to: '1.2.3.4', connected: '1' }, 'USAGE_CHOICE'],
  ])('refuse %o with %s', (options, code) => {
    expect(codeOf(options)).toBe(code);
  });
});

describe('a mistake', () => {
  it('is shown under the part of the word that is wrong', () => {
    try {
      readPacketOptions({ from: '192.168.300.5:80', to: '1.2.3.4' });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const argv = ['trace', './my node', '--from', '192.168.300.5:80', '--to', '1.2.3.4'];
      expect(renderUsage(error, argv, plain)).toMatchInlineSnapshot(`
        "error USAGE_ADDRESS  --from: "192.168.300.5:80" is not an IP address
          --> command line:1:42
           1 | natwalk trace './my node' --from 192.168.300.5:80 --to 1.2.3.4
             |                                          ^^^
          why  every octet of an IPv4 address is 0 to 255, and an IPv6 address with a port stands in
               brackets
          do   write --from 192.168.1.10, 192.168.1.10:443 or [2001:db8::1]:443
        "
      `);
      expect(renderUsage(error, ['trace', 'x', '--from=192.168.300.5:80'], plain)).toMatchInlineSnapshot(`
        "error USAGE_ADDRESS  --from: "192.168.300.5:80" is not an IP address
          --> command line:1:32
           1 | natwalk trace x --from=192.168.300.5:80
             |                                ^^^
          why  every octet of an IPv4 address is 0 to 255, and an IPv6 address with a port stands in
               brackets
          do   write --from 192.168.1.10, 192.168.1.10:443 or [2001:db8::1]:443
        "
      `);
    }
  });
});
