/** `natwalk doctor`: what a snapshot is good for. */
import type { Catalogue } from '../catalogue.js';

export const doctor = {
  DOCTOR_READ: 'READ',
  DOCTOR_NOTHING: 'nothing that natwalk knows',
  DOCTOR_LINES: '{lines} lines',
  DOCTOR_PARTIAL: 'filtered',
  DOCTOR_BY: 'by {command}',
  DOCTOR_QUESTIONS: 'QUESTIONS',
  DOCTOR_ANSWERED: 'answered',
  DOCTOR_ASSUMED: 'rests on what is missing:',
  DOCTOR_MIXTURE: 'MIXTURE',
  DOCTOR_FINDINGS: 'FINDINGS',
  DOCTOR_FINDINGS_NONE: 'none',
  DOCTOR_STALE_HEAD: 'STALE',
  DOCTOR_STALE:
    'routes name device {device}, which ip addr does not show: it is gone, or the dumps are of different times',
  DOCTOR_ADD: 'add {command}',

  DOCTOR_Q_egress: 'by which interface and gateway a packet leaves',
  DOCTOR_Q_source: 'with which addresses',
  DOCTOR_Q_passes: 'whether it passes',
  DOCTOR_Q_sets: 'whether it is in an IP set',
  DOCTOR_Q_established: 'to which connection it belongs',

  DOCTOR_RULES: 'policy rules of IPv{family}',
  DOCTOR_ROUTES: 'routing tables of IPv{family}: {tables}',
  DOCTOR_LINKS: 'addresses of IPv{family}',
  DOCTOR_TABLES: 'iptables tables of IPv{family}: {tables}',
  DOCTOR_LEGACY: 'the other iptables',
  DOCTOR_NFT: 'nftables tables of their own',
  DOCTOR_SYSCTL: 'settings (forwarding, rp_filter)',
  DOCTOR_SETS: 'the IP sets that rules test',
  DOCTOR_CONNTRACK: 'the entries of connection tracking',
} as const satisfies Catalogue;
