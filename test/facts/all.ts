/** Every section of facts, in the order in which a packet meets what they are about. */
import { both } from './both.js';
import { conntrack } from './conntrack.js';
import type { Section } from './fact.js';
import { hooks } from './hooks.js';
import { addressLabels } from './labels.js';
import { interfaces } from './interfaces.js';
import { ipv6 } from './ipv6.js';
import { lookup } from './lookup.js';
import { mapped } from './mapped.js';
import { matchOptions } from './match-options.js';
import { matches } from './matches.js';
import { misc } from './misc.js';
import { mtu } from './mtu.js';
import { choice } from './nat-choice.js';
import { nativeRules } from './native.js';
import { natFlows } from './nat-flows.js';
import { core } from './nat.js';
import { nexthops } from './nexthops.js';
import { noted } from './noted.js';
import { open } from './open.js';
import { outcomes } from './outcomes.js';
import { policyRules } from './policy-rules.js';
import { protocols } from './protocols.js';
import { realms } from './realms.js';
import { reroute } from './reroute.js';
import { sets } from './sets.js';
import { sourceChecks } from './source-checks.js';
import { sourceSelection6 } from './source-selection6.js';
import { sourceSelection } from './source-selection.js';
import { targets } from './targets.js';
import { traversal } from './traversal.js';
import { turningPoints6 } from './turning-points6.js';
import { turningPoints } from './turning-points.js';

export const SECTIONS: readonly Section[] = [
  hooks,
  both,
  traversal,
  targets,
  core,
  choice,
  natFlows,
  reroute,
  conntrack,
  protocols,
  interfaces,
  matches,
  matchOptions,
  realms,
  sets,
  open,
  policyRules,
  lookup,
  nexthops,
  outcomes,
  sourceChecks,
  sourceSelection,
  sourceSelection6,
  addressLabels,
  mapped,
  misc,
  mtu,
  ipv6,
  noted,
  nativeRules,
  turningPoints,
  turningPoints6,
];
