// What the AWS VPC CNI's node agent programs: iptables chains and policy rules, by version and settings
// (aws/amazon-vpc-cni-k8s pkg/networkutils/network.go, cmd/routed-eni-cni-plugin/driver/driver.go).

/**
 * @typedef {object} Settings
 * @property {readonly [number, number, number]} version
 * @property {boolean} externalSnat AWS_VPC_K8S_CNI_EXTERNALSNAT
 * @property {boolean} nodePort AWS_VPC_CNI_NODE_PORT_SUPPORT
 * @property {readonly string[]} vpcCidrs
 * @property {readonly string[]} excludedCidrs AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS
 * @property {readonly string[]} serviceCidrs AWS_EXTERNAL_SERVICE_CIDRS
 * @property {'prng' | 'hashrandom' | 'none'} [randomize] AWS_VPC_K8S_CNI_RANDOMIZESNAT; prng unless told
 * @property {'iptables' | 'nft'} connmark what marks outbound connections: nft from 1.23.0 on, where iptables is iptables-nft
 */

/**
 * @param {Settings} settings
 * @param {number} major
 * @param {number} minor
 * @param {number} patch
 */
export function atLeast(settings, major, minor, patch) {
  const [a, b, c] = settings.version;
  return a !== major ? a > major : b !== minor ? b > minor : c >= patch;
}

/** What RANDOMIZESNAT adds to the SNAT rule. */
const FLAGS = { prng: ' --random-fully', hashrandom: ' --random', none: '' };

const comment = (/** @type {string} */ text) => `-m comment --comment "${text}"`;

/** Rule 1024 and the veths' restore line. @param {Settings} settings */
function marksPods(settings) {
  return settings.nodePort || (atLeast(settings, 1, 12, 1) && !settings.externalSnat);
}

/**
 * CIDRs that end a chain: RETURN lines of one chain, or (before 1.16.2) a ladder of chains.
 * @param {Settings} settings
 * @param {string} prefix chain name without its number
 * @param {readonly [string, string]} comments of VPC CIDRs and of excluded ones
 * @param {string} last the rule that the others guard
 */
function guarded(settings, prefix, comments, last) {
  const cidrs = [
    ...settings.vpcCidrs.map((cidr) => ({ cidr, text: comments[0] })),
    ...settings.excludedCidrs.map((cidr) => ({ cidr, text: comments[1] })),
  ];
  const chain = (/** @type {number} */ at) => `${prefix}-${String(at)}`;
  if (atLeast(settings, 1, 16, 2)) {
    const returns = cidrs.map(({ cidr, text }) => `-A ${chain(0)} -d ${cidr} ${comment(text)} -j RETURN`);
    return { chains: [chain(0)], rules: [...returns.reverse(), `-A ${chain(0)} ${last}`] };
  }
  const steps = cidrs.map(
    ({ cidr, text }, at) => `-A ${chain(at)} ! -d ${cidr} ${comment(text)} -j ${chain(at + 1)}`,
  );
  return {
    chains: [...steps, last].map((_, at) => chain(at)),
    rules: [...steps, `-A ${chain(steps.length)} ${last}`],
  };
}

/**
 * @param {Settings} settings
 * @param {string} primary device 0
 * @param {string} address its primary address
 */
export function cniRules(settings, primary, address) {
  const nat = { chains: /** @type {string[]} */ ([]), rules: /** @type {string[]} */ ([]) };
  const mangle = { chains: /** @type {string[]} */ ([]), rules: /** @type {string[]} */ ([]) };
  const restore = '-j CONNMARK --restore-mark --mask 0x80';
  if (!settings.externalSnat) {
    const snat = guarded(
      settings,
      'AWS-SNAT-CHAIN',
      ['AWS SNAT CHAIN', 'AWS SNAT CHAIN EXCLUSION'],
      `! -o vlan+ ${comment('AWS, SNAT')} -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${address}${FLAGS[settings.randomize ?? 'prng']}`,
    );
    nat.chains.push(...snat.chains);
    nat.rules.push(`-A POSTROUTING ${comment('AWS SNAT CHAIN')} -j AWS-SNAT-CHAIN-0`, ...snat.rules);
    if (settings.connmark === 'iptables' && atLeast(settings, 1, 8, 0)) {
      const state = atLeast(settings, 1, 12, 1) ? '' : ' -m state --state NEW';
      const short = atLeast(settings, 1, 23, 0);
      const connmark = guarded(
        settings,
        'AWS-CONNMARK-CHAIN',
        short
          ? ['AWS CONNMARK CHAIN', 'AWS CONNMARK CHAIN']
          : ['AWS CONNMARK CHAIN, VPC CIDR', 'AWS CONNMARK CHAIN, EXCLUDED CIDR'],
        `${comment('AWS, CONNMARK')} -j CONNMARK --set-xmark 0x80/0x80`,
      );
      nat.chains.push(...connmark.chains);
      nat.rules.push(
        `-A PREROUTING -i eni+ ${comment('AWS, outbound connections')}${state} -j AWS-CONNMARK-CHAIN-0`,
        `-A PREROUTING ${comment('AWS, CONNMARK')} ${restore}`,
        ...connmark.rules,
      );
    }
  }
  const label = comment('AWS, primary ENI');
  if (settings.nodePort) {
    mangle.rules.push(
      `-A PREROUTING -i ${primary} ${label} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-mark 0x80/0x80`,
    );
  }
  if (marksPods(settings)) mangle.rules.push(`-A PREROUTING -i eni+ ${label} ${restore}`);
  if (settings.nodePort) mangle.rules.push(`-A PREROUTING -i vlan+ ${label} ${restore}`);
  return { nat, mangle };
}

/**
 * @param {Settings} settings
 * @param {readonly { readonly address: string, readonly table: number | null }[]} pods table null: the primary ENI's
 * @param {readonly { readonly address: string, readonly table: number }[]} enis secondary ones
 */
export function cniPolicyRules(settings, pods, enis) {
  const lines = pods.map((pod) => `rule add to ${pod.address} lookup main pref 512`);
  if (marksPods(settings)) lines.push('rule add fwmark 0x80/0x80 lookup main pref 1024');
  lines.push(...settings.serviceCidrs.map((cidr) => `rule add to ${cidr} lookup main pref 1535`));
  for (const { address, table } of pods) {
    if (table === null) continue;
    const perCidr = !atLeast(settings, 1, 8, 0) && !settings.externalSnat;
    const cidrs = perCidr ? [...settings.vpcCidrs, ...settings.excludedCidrs] : [null];
    for (const cidr of cidrs) {
      lines.push(
        `rule add from ${address}${cidr === null ? '' : ` to ${cidr}`} lookup ${String(table)} pref 1536`,
      );
    }
  }
  if (atLeast(settings, 1, 20, 0)) {
    lines.push(...enis.map((eni) => `rule add from ${eni.address} lookup ${String(eni.table)} pref 32765`));
  }
  return lines;
}
