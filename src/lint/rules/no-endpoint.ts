/** kube-proxy's DNAT to an address that the listed endpoints of the service do not have: a rule of yesterday. */
import { formatAddress } from '../../address/address.js';
import { commentOf } from '../../names/comments.js';
import type { Endpoint } from '../../names/model.js';
import { type Finding, type Proof, unshown } from '../finding.js';
import type { LintRule } from '../rule.js';
import { type Ruled, type Subject, passed } from '../subject.js';
import { type Translated, dnatTo } from '../translation.js';
import { placeOf } from '../words.js';
import type { Rule } from '../../iptables/model.js';

/** kubectl's tables show three endpoints of a service and count the rest. */
const SHOWN_IN_TABLE = 3;

function byService(endpoints: readonly Endpoint[]): ReadonlyMap<string, readonly Endpoint[]> {
  const found = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const key = `${endpoint.namespace ?? ''}/${endpoint.service}`;
    const list = found.get(key);
    if (list === undefined) found.set(key, [endpoint]);
    else list.push(endpoint);
  }
  return found;
}

/** Is the target surely none of them? A listing that may be cut short says nothing. */
function isNobody({ address, port }: Translated, listed: readonly Endpoint[]): boolean {
  if (listed.length === SHOWN_IN_TABLE) return false;
  return !listed.some(
    (one) => one.address === address && (one.port === null || port === null || one.port === port),
  );
}

function proofOf(subject: Subject, ruled: Ruled, rule: Rule): Proof {
  const shown = subject.search(subject.packetsFor(rule, ruled), (outcome) => passed(outcome, rule));
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

function lookAt(
  subject: Subject,
  ruled: Ruled,
  rule: Rule,
  services: ReadonlyMap<string, readonly Endpoint[]>,
): Finding | null {
  const target = dnatTo(rule);
  const named = target === null ? null : commentOf(rule);
  if (target === null || named === null) return null;
  const listed = services.get(`${named.namespace}/${named.name}`) ?? services.get(`/${named.name}`);
  if (listed === undefined || !isNobody(target, listed)) return null;
  const port = target.port === null ? '' : `:${String(target.port)}`;
  return {
    code: 'LINT_NO_ENDPOINT',
    severity: 'warning',
    params: {
      ...placeOf(rule),
      target: `${formatAddress(target.address)}${port}`,
      service: `${named.namespace}/${named.name}`,
    },
    span: rule.span,
    rule,
    related: listed[0]?.span ? { code: 'LINT_AT_ENDPOINTS', span: listed[0].span } : null,
    proof: proofOf(subject, ruled, rule),
  };
}

const rule: LintRule = {
  codes: ['LINT_NO_ENDPOINT'],
  *look(subject) {
    const { endpoints } = subject.node.names.listed;
    if (endpoints.length === 0) return;
    const services = byService(endpoints);
    for (const ruled of subject.tables) {
      if (ruled.table.name !== 'nat') continue;
      for (const chain of ruled.table.chains.values()) {
        if (!chain.name.startsWith('KUBE-SEP-')) continue;
        for (const one of chain.rules) {
          const found = lookAt(subject, ruled, one, services);
          if (found !== null) yield found;
        }
      }
    }
  },
};
export default rule;
