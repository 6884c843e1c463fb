import { type Ternary, allOf, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type Given, type MatchExtension, type Reason, defineMatch } from '../extension.js';
import { type NamedMask, namedMask } from '../values/named-mask.js';
import { hex } from '../values/number.js';
import { UNKNOWN_INTERFACE, type World } from '../view.js';

const group = namedMask('default');

function inGroup({ value, inverted }: Given<NamedMask>, device: string, world: World): Ternary {
  // The kernel refuses the option where there is no such device.
  if (device === '') return false;
  const has = device === UNKNOWN_INTERFACE ? null : world.deviceGroup(device);
  if (has !== null && typeof value !== 'string')
    return (((has ^ value.value) & value.mask) === 0) !== inverted;
  const wanted = group.print(value, 4);
  return invertIf(
    inverted,
    unsure(`group of ${device} is ${wanted}`, 'UNK_DEVICE_GROUP', { device, wanted }),
  );
}

function reason(option: string, { value, inverted }: Given<NamedMask>, device: string, world: World): Reason {
  const has = world.deviceGroup(device);
  const wanted = `${inverted ? 'not ' : ''}${group.print(value, 4)}`;
  return {
    code: 'NO_DEVICE_GROUP',
    option,
    params: { device, has: has === null ? 'not known' : hex(has), wanted },
  };
}

const match: MatchExtension = defineMatch({
  name: 'devgroup',
  kernel: 'net/netfilter/xt_devgroup.c devgroup_mt',
  missing: 'groups by a name other than "default" are open questions',
  options: {
    source: { flag: '--src-group', value: group, invert: true },
    destination: { flag: '--dst-group', value: group, invert: true },
  },
  check: ({ source, destination }) =>
    (source ?? destination) === undefined
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--src-group, --dst-group' })
      : null,
  evaluate: ({ source, destination }, { inInterface, outInterface }, world) =>
    allOf([
      source === undefined || inGroup(source, inInterface, world),
      destination === undefined || inGroup(destination, outInterface, world),
    ]),
  explain({ source, destination }, { inInterface, outInterface }, world) {
    if (source !== undefined && (destination === undefined || inGroup(source, inInterface, world) === false))
      return reason('source', source, inInterface, world);
    const given = destination ?? { value: '', inverted: false };
    return reason('destination', given, outInterface, world);
  },
});
export default match;
