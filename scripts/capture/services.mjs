// The services of the captured nodes: what the API server would have told kube-proxy.

/**
 * @typedef {object} Service
 * @property {string} name namespace/name
 * @property {string} [portName] empty for the only port of a service
 * @property {'tcp' | 'udp'} [protocol] tcp unless told
 * @property {string} clusterIp
 * @property {number} port
 * @property {readonly string[]} endpoints each ADDRESS:PORT
 * @property {number} [nodePort]
 * @property {'Cluster' | 'Local'} [externalTrafficPolicy]
 * @property {string} [loadBalancerIp]
 * @property {readonly string[]} [sourceRanges] loadBalancerSourceRanges
 * @property {number} [healthPort] healthCheckNodePort, with externalTrafficPolicy Local alone
 * @property {number} [affinitySeconds] session affinity ClientIP
 */

/** @type {readonly Service[]} */
export const SERVICES = [
  {
    name: 'default/web',
    clusterIp: '10.100.5.20',
    port: 80,
    endpoints: ['192.168.61.33:8080'],
    nodePort: 30080,
  },
  {
    name: 'default/weblocal',
    clusterIp: '10.100.5.21',
    port: 80,
    endpoints: ['192.168.33.90:8080'],
    nodePort: 30081,
    externalTrafficPolicy: 'Local',
  },
  { name: 'default/ext', clusterIp: '10.100.5.22', port: 443, endpoints: ['203.0.113.50:443'] },
  {
    name: 'default/remote',
    clusterIp: '10.100.5.23',
    port: 80,
    endpoints: ['192.168.70.8:8080'],
    nodePort: 30083,
  },
];

/** Of the pod with security groups of its own. @type {Service} */
export const GUARDED = {
  name: 'default/guarded',
  clusterIp: '10.100.5.24',
  port: 80,
  endpoints: ['192.168.100.5:80'],
  nodePort: 30084,
};

/** One of each kind that the nftables mode treats in a way of its own. @type {readonly Service[]} */
export const MANY_KINDS = [
  ...SERVICES,
  { name: 'default/none', clusterIp: '10.100.5.25', port: 80, endpoints: [], nodePort: 30085 },
  {
    name: 'default/elsewhere',
    clusterIp: '10.100.5.26',
    port: 80,
    endpoints: ['192.168.70.8:8080'],
    nodePort: 30086,
    externalTrafficPolicy: 'Local',
  },
  {
    name: 'default/front',
    portName: 'https',
    clusterIp: '10.100.5.27',
    port: 443,
    endpoints: ['192.168.40.11:8443'],
    nodePort: 30087,
    loadBalancerIp: '203.0.113.80',
    sourceRanges: ['198.51.100.0/24', '192.168.40.0/24'],
  },
  {
    name: 'default/sticky',
    clusterIp: '10.100.5.28',
    port: 80,
    endpoints: ['192.168.50.7:8080'],
    affinitySeconds: 10800,
  },
  {
    name: 'kube-system/kube-dns',
    portName: 'dns',
    protocol: 'udp',
    clusterIp: '10.100.0.10',
    port: 53,
    endpoints: ['192.168.50.7:53', '192.168.70.8:53'],
  },
];

/** As they were when the node's kube-proxy still wrote with iptables-legacy. @type {readonly Service[]} */
export const OF_OLD = [
  {
    name: 'default/web',
    clusterIp: '10.100.5.20',
    port: 80,
    endpoints: ['192.168.50.7:8080'],
    nodePort: 30080,
  },
  {
    name: 'default/retired',
    clusterIp: '10.100.5.99',
    port: 80,
    endpoints: ['192.168.50.7:8080'],
    nodePort: 30099,
  },
];
