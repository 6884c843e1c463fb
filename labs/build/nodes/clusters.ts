/** Cluster files: which nodes are on which network, and what is between them. */

export interface Cluster {
  readonly name: string;
  /** Node names of the file, and the folders of their dumps. */
  readonly nodes: Readonly<Record<string, string>>;
  readonly text: (nodes: string) => string;
}

const VPC = `vpc:
  cidrs: [192.168.0.0/16]
  subnets:
    - { cidr: 192.168.32.0/19, default: internet-gateway }
    - { cidr: 192.168.64.0/19, default: internet-gateway }
  public:
    192.168.45.10: 203.0.113.10
    192.168.77.20: 203.0.113.20
`;

const BALANCERS = `balancers:
  web:
    addresses: [192.168.40.200]
    public: [203.0.113.80]
    names: [web.example.com]
    port: 80
    mode: instance
    targets: ['worker-1:30080', 'worker-2:30080']
  web-local:
    addresses: [192.168.40.201]
    public: [203.0.113.81]
    port: 80
    mode: instance
    targets: ['worker-1:30081']
  web-ip:
    addresses: [192.168.40.202]
    public: [203.0.113.82]
    port: 80
    mode: ip
    targets: ['192.168.33.90:8080', '192.168.50.7:8080', '192.168.73.44:8080']
`;

function pods(list: Readonly<Record<string, readonly [string, string]>>): string {
  const lines = Object.entries(list).map(
    ([name, [node, address]]) => `  ${name}: { node: ${node}, address: ${address} }\n`,
  );
  return `pods:\n${lines.join('')}`;
}

const EKS_PODS = pods({
  'pod-1': ['worker-1', '192.168.40.11'],
  'pod-3': ['worker-1', '192.168.61.33'],
  'web-a': ['worker-1', '192.168.50.7'],
  'web-b': ['worker-1', '192.168.33.90'],
  'pod-2': ['worker-2', '192.168.70.8'],
  'web-c': ['worker-2', '192.168.73.44'],
});

const lan = (more: string): string =>
  `segments:\n  lan: { cidr: 192.168.96.0/20, gateway: 192.168.96.1, ${more} }\n`;

/** The router hides everybody on the LAN behind one address. */
const LAN = lan('nat: 203.0.113.96');

const FLANNEL_PODS = pods({
  'pod-1': ['worker-1', '10.244.1.5'],
  'web-1': ['worker-1', '10.244.1.7'],
  'pod-2': ['worker-2', '10.244.2.6'],
  'web-2': ['worker-2', '10.244.2.9'],
});
const CALICO_PODS = pods({
  'pod-1': ['worker-1', '10.48.0.130'],
  'web-1': ['worker-1', '10.48.0.131'],
  'pod-2': ['worker-2', '10.48.1.70'],
  'web-2': ['worker-2', '10.48.1.71'],
});

const two = (name: string, text: string): Cluster => ({
  ...{ name: `${name}-pair`, nodes: { 'worker-1': `${name}-1`, 'worker-2': `${name}-2` } },
  text: (nodes) => `${nodes}${text}`,
});

const EKS = (nodes: string): string => `${nodes}${EKS_PODS}${VPC}${BALANCERS}outside: 198.51.100.7\n`;

/** The example that the package has. */
export const EXAMPLE: Cluster = {
  name: 'cluster',
  nodes: { 'worker-1': 'eks-worker-1', 'worker-2': 'eks-worker-2' },
  text: EKS,
};

export const CLUSTERS: readonly Cluster[] = [
  { ...EXAMPLE, name: 'eks-pair' },
  {
    name: 'kops-pair',
    nodes: { 'worker-1': 'kops-worker-1', 'worker-2': 'kops-worker-2' },
    text: (nodes) => `${nodes}${pods({
      'netshoot-pod-1': ['worker-1', '172.30.62.233'],
      'netshoot-pod-3': ['worker-1', '172.30.37.39'],
      'netshoot-pod-5': ['worker-1', '172.30.41.118'],
      'netshoot-pod-2': ['worker-2', '172.30.71.30'],
      'netshoot-pod-4': ['worker-2', '172.30.90.14'],
    })}vpc:
  cidrs: [172.30.0.0/16]
  subnets:
    - { cidr: 172.30.32.0/19, default: internet-gateway }
    - { cidr: 172.30.64.0/19, default: internet-gateway }
  public:
    172.30.46.72: 203.0.113.46
    172.30.89.212: 203.0.113.89
`,
  },
  two('flannel', `${FLANNEL_PODS}${LAN}`),
  // Clients come through a router that leaves addresses alone.
  two('metallb', `${FLANNEL_PODS}${lan('answers: { 192.168.96.240: worker-1, 192.168.96.241: worker-2 }')}`),
  two('calico', `${CALICO_PODS}${LAN}`),
  two('calico-plain', `${CALICO_PODS}${LAN}`),
];
