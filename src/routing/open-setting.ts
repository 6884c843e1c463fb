/** Settings of a device that a snapshot may not show. */
import { decide } from '../chooser/enumerate.js';
import { type Chooser, unsure } from '../chooser/question.js';
import type { Network } from './model.js';
import { type DeviceSetting, deviceSetting, sysctlName } from './sysctl.js';

/** Is the setting on? Asked for only when the snapshot does not show it. */
export function isOn(network: Network, device: string, setting: DeviceSetting, chooser: Chooser): boolean {
  const value = deviceSetting(network, device, setting);
  const name = sysctlName(network.family, device, setting);
  return decide(chooser, value === null ? unsure(`${name} is on`, 'UNK_SYSCTL', { name }) : value !== 0);
}
