/** Every rule of the linter. */
import type { LintRule } from './rule.js';
import behindPolicy from './rules/behind-policy.js';
import chains from './rules/chains.js';
import connectionMarks from './rules/connection-marks.js';
import marks from './rules/marks.js';
import mixedBackends from './rules/mixed-backends.js';
import noEndpoint from './rules/no-endpoint.js';
import policyRules from './rules/policy-rules.js';
import repeated from './rules/repeated.js';
import reversePath from './rules/reverse-path.js';
import routingTables from './rules/routing-tables.js';
import shadowed from './rules/shadowed.js';
import snatAddress from './rules/snat-address.js';
import vpcEgress from './rules/vpc-egress.js';
import vpcLimits from './rules/vpc-limits.js';
import vpcNodePorts from './rules/vpc-node-ports.js';
import vpcRoutes from './rules/vpc-routes.js';
import vpcServices from './rules/vpc-services.js';

export const LINT_RULES: readonly LintRule[] = [
  ...[vpcEgress, vpcServices, vpcNodePorts, vpcRoutes, vpcLimits],
  ...[
    shadowed,
    behindPolicy,
    repeated,
    chains,
    connectionMarks,
    marks,
    snatAddress,
    noEndpoint,
    mixedBackends,
  ],
  ...[policyRules, routingTables, reversePath],
];
