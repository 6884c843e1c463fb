/** What kubectl printed in real dumps: every piece of it is read, or it is said here why nothing comes of it. */
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/address/address.js';
import { fullName } from '../../src/names/model.js';
import { readTables } from '../../src/names/text.js';
import { loadNode } from '../../src/snapshot/load.js';
import { sectionsOf } from '../../src/snapshot/sections.js';
import { folders } from './folders.js';

/** Names that each file gives, by the beginnings of its folder's and its own name. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'b-14/iptables-save-nat-grep-8.txt': ['svc-nodeport 10.43.19.182'],
  'b-15/iptables-save-grep.txt': ['nginx 10.0.11.45', 'nginx 10.244.2.5'],
  'b-19/iptables-save-grep.txt': [
    'aks-istio-system/istiod-asm-1-22-5d6d4f8b44-2k7q5 10.244.0.7',
    'aks-istio-system/istiod-asm-1-22-5d6d4f8b44-95llg 10.244.0.10',
  ],
  // Without -o wide: pods without their addresses.
  'b-20/iptables-save-grep.txt': ['kube-system/azure-ip-masq-agent-xpvjn '],
  'b-20/iptables-save-grep-2.txt': [
    'kube-system/azure-ip-masq-agent-hm4n2 ',
    'kube-system/azure-ip-masq-agent-ht2tj ',
    'kube-system/azure-ip-masq-agent-rtc8z ',
  ],
  'b-21/ip-route.txt': ['aks-nodepool1-38494683-vmss000000 10.224.0.4'],
  'b-21/tcpdump-2.txt': [
    'default/nginx 10.244.0.12',
    'kube-system/coredns-7797c54ccb-dtf4g 10.244.1.4',
    'kube-system/coredns-7797c54ccb-ttxx9 10.244.2.3',
    'kube-system/coredns-autoscaler-dcbf9c474-n7c9n 10.244.0.4',
    'aks-nodepool1-14036957-vmss000000 10.224.0.6',
    'aks-nodepool1-14036957-vmss000001 10.224.0.5',
    'aks-nodepool1-14036957-vmss000002 10.224.0.4',
  ],
};

/** kubectl is typed there, and what it printed has no address or was not kept. */
const NOTHING: Readonly<Record<string, string>> = {
  'b-22/tcpdump.txt': 'commands alone',
  'b-31/session-iptables.txt': 'a list of namespaces',
};

const TYPED = /(?:^|[$#)] ?)(?:kubectl|oc) get /m;
const found = folders.flatMap(({ name, files }) =>
  files.map((file) => ({ ...file, key: `${name.slice(0, 4)}/${file.name}` })),
);
const typed = found.filter(({ key, text }) => Object.hasOwn(NAMES, key) || TYPED.test(text));

function namesIn(name: string, text: string): readonly string[] {
  return sectionsOf(name, text)
    .filter(({ kind }) => kind === 'kubectl get')
    .flatMap(({ source, command }) => {
      const namespace = / -n ([\w-]+)/.exec(command?.text ?? '')?.[1] ?? null;
      return readTables(source, namespace).objects;
    })
    .flatMap((one) => {
      if (one.kind === 'endpoint') return [];
      const addresses = one.kind === 'service' ? one.clusterIps : one.addresses;
      const title = one.kind === 'node' ? one.name : fullName(one);
      return [`${title} ${addresses.map(formatAddress).join(',')}`];
    });
}

if (typed.length > 0)
  describe('kubectl in real texts', () => {
    it.each(typed)('$key', ({ key, name, text }) => {
      expect(namesIn(name, text)).toEqual(NAMES[key] ?? (NOTHING[key] === undefined ? 'a reason' : []));
      expect(
        loadNode(name, [{ name, text }]).diagnostics.filter(({ code }) => code.startsWith('NAMES_')),
      ).toEqual([]);
    });
  });

it.each(folders)('$name: nothing contradicts itself', ({ name, files }) => {
  const codes = loadNode(name, files).diagnostics.map(({ code }) => code);
  expect(codes.filter((code) => code.startsWith('NAMES_'))).toEqual([]);
});
