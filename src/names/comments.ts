/** Services and endpoints that kube-proxy's own rules name: in comments (iptables), in names of chains (nftables). */
import { type Address, parseAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import type { Rule, RuleSet } from '../iptables/model.js';
import type { Element, NftSet, NftTable } from '../nft/model.js';
import type { Endpoint, KubeObject, Service, ServicePort } from './model.js';
import { type RuleNames, namesOfChain, namesOfRule } from './rule-names.js';

/** A service's port by its name, as kube-proxy writes it: `ns/name:port`; an old one `ns/name:` where the port has no name. */
interface PortName {
  readonly namespace: string;
  readonly name: string;
  readonly port: string | null;
}

const PORT_NAME = '([a-z0-9-]{1,63})/([a-z0-9.-]{1,253}?)(?::([a-z0-9-]{0,63}))?';
/** The comment of a rule for a service's address; behind the name stands which of its addresses it is. */
const COMMENT = new RegExp(
  `^${PORT_NAME}(?: (cluster IP|external IP|loadbalancer IP|has no (?:local )?endpoints|-> .{1,60}))?$`,
);

function portName(found: readonly (string | undefined)[]): PortName {
  const [, namespace = '', name = '', port] = found;
  return { namespace, name, port: port === undefined || port === '' ? null : port };
}

type Role = 'cluster' | 'external' | 'balancer';

function serviceWith(
  { namespace, name, port }: PortName,
  own: Omit<ServicePort, 'name'> | null,
  address: Address | null,
  role: Role,
): Service {
  const here = address === null ? [] : [address];
  return {
    kind: 'service',
    namespace,
    name,
    clusterIps: role === 'cluster' ? here : [],
    headless: false,
    externalName: null,
    externalIps: role === 'external' ? here : [],
    balancerIps: role === 'balancer' ? here : [],
    ports: own === null ? [] : [{ name: port, ...own }],
    span: null,
  };
}

function endpointOf(
  { namespace, name, port }: PortName,
  address: Address,
  number: number | null,
  protocol: number | null,
): Endpoint {
  return {
    kind: 'endpoint',
    namespace,
    service: name,
    address,
    port: number,
    protocol,
    portName: port,
    pod: null,
    node: null,
    span: null,
  };
}

/** The service's port that a comment names, and what it says of it. */
function commentIn(comment: string | null): (PortName & { readonly what: string }) | null {
  const found = comment === null ? null : COMMENT.exec(comment);
  return found === null ? null : { ...portName(found), what: found[4] ?? '' };
}

/** The service's port that the comment of a rule names, and what it says of it. */
export function commentOf(rule: Rule): (PortName & { readonly what: string }) | null {
  return commentIn(namesOfRule(rule).comment);
}

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['cluster IP', 'cluster'],
  ['external IP', 'external'],
  ['loadbalancer IP', 'balancer'],
]);

const SERVICE_CHAIN = /^KUBE-(?:SVC|SVL|XLB|EXT|FW)-/;
const PORTALS = new Set(['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES']);

/** kube-proxy leaves the comments of endpoints out when there are very many: then the chains that lead there tell. */
export class Proxy {
  readonly found: KubeObject[] = [];
  readonly #owners = new Map<string, PortName>();

  /** A rule where services begin. @returns the service's port as its comment has it, `ns/name:port`, or null */
  portal(rule: RuleNames): string | null {
    const comment = commentIn(rule.comment);
    if (comment === null) return null;
    if (rule.leadsTo !== null) this.#owners.set(rule.leadsTo, comment);
    this.#portal(rule, comment);
    const { namespace, name, port } = comment;
    return `${namespace}/${name}${port === null ? '' : `:${port}`}`;
  }

  #portal(rule: RuleNames, comment: PortName & { readonly what: string }): void {
    const { protocol, port, destination: address } = rule;
    if (protocol === null || port === null) return;
    if (rule.chain === 'KUBE-NODEPORTS') {
      if (rule.table === 'nat') this.#nodePorts.push({ comment, protocol, nodePort: port });
    } else if (address !== null) {
      // A rule that refuses says only whether the address is the cluster's: by the chain that it stands in.
      const role = ROLES.get(comment.what) ?? (rule.chain === 'KUBE-SERVICES' ? 'cluster' : 'external');
      this.found.push(serviceWith(comment, { protocol, port, nodePort: null }, address, role));
    }
  }

  readonly #nodePorts: { comment: PortName; protocol: number; nodePort: number }[] = [];

  /** A jump of a service's chain: its endpoints' chains are the service's. */
  service({ chain, comment, leadsTo }: RuleNames): void {
    const named = this.#owners.get(chain) ?? commentIn(comment);
    if (named !== null && leadsTo !== null && !this.#owners.has(leadsTo)) this.#owners.set(leadsTo, named);
  }

  endpoint({ chain, comment, to, protocol }: RuleNames): void {
    if (to === null) return;
    const named = commentIn(comment) ?? this.#owners.get(chain) ?? null;
    if (named !== null) this.found.push(endpointOf(named, to.address, to.port, protocol));
  }

  /** A node port's rule does not say the service's own port: that is the one of its name. */
  finish(): void {
    const ports = new Map<string, ServicePort>();
    const key = (
      { namespace, name }: { namespace: string | null; name: string },
      port: string | null,
    ): string => `${namespace ?? ''}/${name}:${port ?? ''}`;
    for (const one of this.found)
      if (one.kind === 'service')
        for (const port of one.ports) ports.set(`${key(one, port.name)} ${String(port.protocol)}`, port);
    for (const { comment, protocol, nodePort } of this.#nodePorts) {
      const own = ports.get(`${key(comment, comment.port)} ${String(protocol)}`);
      if (own !== undefined)
        this.found.push(serviceWith(comment, { protocol, port: own.port, nodePort }, null, 'cluster'));
    }
  }
}

/** Where services begin: chains with a rule for each address of a service. */
export const isPortal = (name: string): boolean => PORTALS.has(name) || name === 'KUBE-NODEPORTS';

/** A chain of a service's port. */
export const isServiceChain = (name: string): boolean => SERVICE_CHAIN.test(name);

/** A chain that leads to the service's own. */
export const isOuterChain = (name: string): boolean => /^KUBE-(?:EXT|FW)-/.test(name);

/** A chain of one endpoint. */
export const isEndpointChain = (name: string): boolean => name.startsWith('KUBE-SEP-');

/** Does a rule translate to an endpoint that its own comment does not name? */
function isNameless({ to, comment }: RuleNames): boolean {
  return to !== null && commentIn(comment) === null;
}

function fromIptables(ruleSet: RuleSet): readonly KubeObject[] {
  const proxy = new Proxy();
  const chains = (['nat', 'filter'] as const).flatMap((table) => [
    ...(ruleSet.tables.get(table)?.chains.values() ?? []),
  ]);
  for (const chain of chains)
    if (isPortal(chain.name)) for (const rule of namesOfChain(chain)) proxy.portal(rule);
  const isEnd = true;
  const ends = chains
    .filter(({ name }) => isEndpointChain(name))
    .flatMap((chain) => [...namesOfChain(chain, isEnd)]);
  if (ends.some(isNameless)) {
    // External chains lead to those of the service, and those to the endpoints.
    const services = chains.filter(({ name }) => isServiceChain(name));
    for (const isOuter of [true, false])
      for (const chain of services)
        if (isOuterChain(chain.name) === isOuter) for (const rule of namesOfChain(chain)) proxy.service(rule);
  }
  for (const rule of ends) proxy.endpoint(rule);
  proxy.finish();
  return proxy.found;
}

/** `service-PFISGYVC-default/web/tcp/http`; a name that is too long ends in dots and tells too little. */
const SERVICE_NAME =
  /^(?:service|external|firewall)-[A-Z2-7]{8}-([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})\/[a-z]{2,8}\/([a-z0-9-]{0,63})$/;
/** `endpoint-5OKQ2TKW-default/web/tcp/http__10.0.0.1/8080`; the colons of IPv6 are dots in it. */
const ENDPOINT_NAME =
  /^endpoint-[A-Z2-7]{8}-([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})\/([a-z]{2,8})\/([a-z0-9-]{0,63}?)__([0-9a-f.:]{2,45})\/(\d{1,5})$/;

function named(namespace = '', name = '', port = ''): PortName {
  return { namespace, name, port: port === '' ? null : port };
}

function partsOf({ key }: Element): readonly string[] {
  const parts = key.kind === 'concat' ? key.parts : [key];
  return parts.map((part) => (part.kind === 'word' ? part.text : ''));
}

/** The service that an element leads to, or that its comment names. */
function elementName({ value, rest }: Element): (PortName & { readonly external: boolean }) | null {
  const chain = value !== null && (value.kind === 'goto' || value.kind === 'jump') ? value.chain : '';
  const found = SERVICE_NAME.exec(chain);
  if (found !== null)
    return { ...named(found[1], found[2], found[3]), external: chain.startsWith('external-') };
  const comment = COMMENT.exec(/(?:^| )comment "([^"]{1,400})"/.exec(rest)?.[1] ?? '');
  return comment === null ? null : { ...portName(comment), external: false };
}

function elementsOf(table: NftTable, ...sets: readonly string[]): readonly Element[] {
  return sets.flatMap((name): readonly Element[] => {
    const set: NftSet | undefined = table.sets.get(name);
    return set?.elements ?? [];
  });
}

function fromNft(table: NftTable): readonly KubeObject[] {
  const found: KubeObject[] = [];
  const ports = new Map<string, number>();
  const key = ({ namespace, name, port }: PortName, protocol: number): string =>
    `${namespace}/${name}:${port ?? ''} ${String(protocol)}`;
  for (const element of elementsOf(table, 'service-ips', 'no-endpoint-services')) {
    const service = elementName(element);
    const [ip = '', word = '', port = ''] = partsOf(element);
    const address = parseAddress(ip);
    const protocol = protocolNumber(word);
    if (service === null || address === null || protocol === null) continue;
    const own = { protocol, port: Number(port), nodePort: null };
    ports.set(key(service, protocol), own.port);
    found.push(serviceWith(service, own, address, service.external ? 'external' : 'cluster'));
  }
  for (const element of elementsOf(table, 'service-nodeports', 'no-endpoint-nodeports')) {
    const service = elementName(element);
    const [word = '', nodePort = ''] = partsOf(element);
    const protocol = protocolNumber(word);
    if (service === null || protocol === null) continue;
    const port = ports.get(key(service, protocol));
    if (port !== undefined)
      found.push(serviceWith(service, { protocol, port, nodePort: Number(nodePort) }, null, 'cluster'));
  }
  for (const name of table.chains.keys()) {
    const [, namespace, service, protocol, port, ip = '', number] = ENDPOINT_NAME.exec(name) ?? [];
    const address = parseAddress(table.family === 'ip6' ? ip.replaceAll('.', ':') : ip);
    if (address !== null)
      found.push(
        endpointOf(named(namespace, service, port), address, Number(number), protocolNumber(protocol ?? '')),
      );
  }
  return found;
}

/** What the rules of kube-proxy say about services and endpoints, in both of its modes. Looks at every rule of its chains. */
export function impliedObjects(
  ruleSets: readonly RuleSet[],
  tables: readonly NftTable[],
): readonly KubeObject[] {
  const both = ruleSets.flatMap((ruleSet) =>
    ruleSet.other === undefined ? [ruleSet] : [ruleSet, ruleSet.other],
  );
  const own = tables.filter(
    ({ name, family }) => name === 'kube-proxy' && (family === 'ip' || family === 'ip6'),
  );
  return [...both.flatMap(fromIptables), ...own.flatMap(fromNft)];
}
