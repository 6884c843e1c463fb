/** Which port of a bridge is whose, against what the nodes were built of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawnDevice } from '../../labs/build/names.js';
import { NODES } from '../../labs/build/nodes.js';
import { openLab } from '../../src/cli/lab-files.js';
import { newRun } from '../../src/labs/progress.js';
import { LabSession } from '../../src/labs/session.js';
import { portOf } from '../../src/labs/shell/ports.js';
import { parseAddress } from '../../src/address/address.js';
import { root } from './support.js';

/** Those with a bridge. */
const labs = ['13-docker', '14-flannel-vxlan', '16-metallb'];

describe.each(labs)('%s', (name) => {
  it('knows the ports of its bridges', async () => {
    const path = join(root, 'labs', name, 'lab.yaml');
    const { lab, material } = await openLab(path);
    if (lab === null) throw new Error(`${name} cannot be read`);
    const { shell } = new LabSession(lab, material, newRun(1), 'en');
    for (const machine of shell.machines) {
      const folder = Object.keys(NODES).find(
        (node) =>
          readFileSync(join(root, 'labs/nodes', node, 'ip-addr.txt'), 'utf8') ===
          machine.files.find(({ name: file }) => file.endsWith('ip-addr.txt'))?.text,
      );
      const described = folder === undefined ? undefined : NODES[folder];
      if (described?.kind !== 'host' || described.bridge === undefined) continue;
      const { bridge } = described;
      const pods = shell.world.pods.filter(
        ({ node }) => shell.nodeNames.length === 1 || node === machine.name,
      );
      for (const pod of bridge.ports)
        expect(portOf(machine.node, pods, parseAddress(pod.address) ?? 0)?.name, pod.name).toBe(
          drawnDevice(pod, bridge.device.startsWith('docker') ? 7 : 8),
        );
    }
  });
});
