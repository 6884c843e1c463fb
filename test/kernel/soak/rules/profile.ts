/** Random rule sets over everything that natwalk evaluates. */
import type { Profile, Setting, SoakCase } from '../profile.js';
import { saveHeader } from '../profile.js';
import { type Draw, drawn } from '../draw.js';
import { networkFiles, placesOf, DEVICES } from './network.js';

function build(draw: Draw, setting: Setting): SoakCase {
  const places = placesOf(setting.family);
  const save = `${saveHeader(setting)}*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -p tcp -m tcp --dport 80 -j DROP
-A FORWARD -p udp -m state --state NEW -j MARK --set-xmark 0x5/0xffffffff
COMMIT
`;
  return {
    files: {
      ...networkFiles(setting.family),
      [setting.family === 4 ? 'iptables-save.txt' : 'ip6tables-save.txt']: save,
    },
    packets: draw.list(30, 60, (at) => {
      const device = draw.pick(DEVICES);
      return {
        id: String(at),
        in: device,
        src: draw.pick(places.hosts[device]),
        dst: draw.pick([...places.own, ...Object.values(places.hosts).flat(), ...places.odd]),
        proto: draw.pick(['tcp', 'udp']),
        sport: draw.integer(1024, 65535),
        dport: draw.pick([80, 443]),
      };
    }),
  };
}

export const rules: Profile = {
  name: 'rules',
  families: [4, 6],
  case: (setting) => drawn((draw) => build(draw, setting)),
};
