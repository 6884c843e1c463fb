/** Settings that a snapshot may not show. */
import { decide } from '../chooser/enumerate.js';
import { type Chooser, type Ternary, unsure } from '../chooser/question.js';
import type { Network } from './model.js';
import { type DeviceSetting, deviceSetting, readNumber, sysctlName } from './sysctl.js';

/** Whether a setting is on: open where its value is null. */
function setting(name: string, value: number | null, onFirst: boolean): Ternary {
  if (value !== null) return value !== 0;
  return onFirst
    ? unsure(`${name} is on`, 'UNK_SYSCTL', { name })
    : { ...unsure(`${name} is off`, 'UNK_SYSCTL_OFF', { name }), negated: true };
}

/**
 * Is the setting of a device on? Asked for only when the snapshot does not show it.
 * @param onFirst "on" is the answer that comes first
 */
export function isOn(
  network: Network,
  device: string,
  of: DeviceSetting,
  chooser: Chooser,
  onFirst = true,
): boolean {
  const name = sysctlName(network.family, device, of);
  return decide(chooser, setting(name, deviceSetting(network, device, of), onFirst));
}

/**
 * Is the setting of a namespace on? Asked for only when the snapshot does not show it; call it only where the answer
 * matters.
 * @param startsOn what a new namespace has, which is the answer that comes first (Documentation/networking/ip-sysctl.rst, nf_conntrack-sysctl.rst)
 */
export function isSet(network: Network, name: string, startsOn: boolean, chooser: Chooser): boolean {
  return decide(chooser, setting(name, readNumber(network, name), startsOn));
}
