/** Words about names of pods, services and nodes. */
import type { Catalogue } from '../catalogue.js';

export const names = {
  NAME_SERVICE: 'service {name}',
  NAME_LOAD_BALANCER: 'load balancer of service {name}',
  NAME_EXTERNAL_ADDRESS: 'external address of service {name}',
  NAME_NODE_PORT: 'node port of service {name}',
  NAME_WITH_PORT: '{text}, port {port}',
  NAME_WITHOUT_PORT: '{text}, which has no port {port}',
  NAME_POD: 'pod {name}',
  NAME_POD_ON: '{text} on node {node}',
  NAME_NODE: 'node {name}',
  NAME_NODE_PODS: '{text} (with its network: pods {pods})',
  NAME_ENDPOINT: 'endpoint of service {name}',
  NAME_MORE: '{text} (+{count})',
  NAME_OR: '{text}; also {other}',
  NAMES_ROW: {
    text: 'this row does not stand below the head of its table',
    why: 'Which word is a name and which is an address cannot be told. The row is left out; the others are used.',
    do: 'Add the listing again as kubectl printed it, or with `-o json`.',
  },
  NAMES_JSON: {
    text: 'this object is not JSON from here on',
    why: 'Names and addresses in it are not known. It is left out; the others are used.',
    do: 'Save what `kubectl get -o json` prints once more, whole.',
  },
  NAMES_CUT: {
    text: 'the JSON of kubectl ends within this object',
    why: 'The text was cut. This object is left out, and those behind it are not known; the ones before are used.',
    do: 'Save what `kubectl get -o json` prints once more, whole.',
  },
  NAMES_YAML: {
    text: 'this is not YAML ({reason})',
    why: 'Names and addresses from here on are not known; the objects before are used.',
    do: 'Save what `kubectl get -o yaml` prints once more, whole, or take `-o json`.',
  },
  NAMES_YAML_LARGE: {
    text: 'this is longer than {most} characters of YAML',
    why: 'Reading so much of it would take too long. Its names are left out.',
    do: 'Use `kubectl get -o json` or `-o wide` in place of `-o yaml`.',
  },
  NAMES_DISAGREE: {
    text: 'the addresses of {kind} {name} are others here than there',
    why: 'The listings are of different times or clusters. Names are shown for the addresses of both.',
    do: 'Take all listings at the same time, or leave the old one out.',
  },
  NAMES_CONTRADICT: {
    text: 'several running pods have the address {address}: {names}',
    why: 'Only pods of the host network share an address. The listings are of different times or clusters; all of the names are shown.',
    do: 'Take all listings at the same time, or leave the old one out.',
  },
  NAME_UNKNOWN: {
    text: '{option}: there is no {kind} "{name}" in the snapshot',
    why: 'names come from kubectl and from the rules of kube-proxy; the nearest ones are: {names}',
    do: 'write one of them, with its namespace as NAMESPACE/NAME where there are several',
  },
  NAME_NO_LISTING: {
    text: '{option}: nothing in the snapshot tells the address of {kind} "{name}"',
    why: 'names come from kubectl and from the rules of kube-proxy',
    do: 'add the output of `kubectl get pod,svc,endpointslice,node -A -o json`',
  },
  NAME_AMBIGUOUS: {
    text: '{option}: {kind} "{name}" may be one of several: {names}',
    why: 'a packet has one address at each end',
    do: 'write more of the name, or NAMESPACE/NAME',
  },
  NAME_NO_ADDRESS: {
    text: '{option}: no listing shows an address of {kind} {name}',
    why: 'it has none yet (a pod is Pending until then), or it was listed without `-o wide`',
    do: 'add the output of `kubectl get pod,svc,endpointslice,node -A -o json`',
  },
  NAME_ENDED: {
    text: '{option}: pod {name} has ended',
    why: 'its address is free again, and may be that of another pod by now',
    do: 'name a running pod, or write the address',
  },
  NAME_HEADLESS: {
    text: '{option}: service {name} is headless',
    why: 'it has no address of its own: its name leads straight to its pods',
    do: 'name one of its pods: {option} pod:NAME:PORT',
  },
  NAME_EXTERNAL_NAME: {
    text: '{option}: service {name} is an ExternalName and has no address',
    why: 'it is a name in DNS alone, for {target}: no rule on the node translates it',
    do: 'look {target} up, and write its address: {option} IP:PORT',
  },
  NAME_NODE_OF_PODS: {
    text: '{option}: node {name} is known from its pods alone, and its address from nothing',
    why: 'the NODE column of pods has no addresses, and none of the pods listed is seen to have its network',
    do: 'add the output of `kubectl get node -o wide`',
  },
  NAME_PORT: {
    text: '{option}: service {name} has no port "{port}"',
    why: 'its ports are: {ports}',
    do: 'write one of them by its name or number, or the address in place of the name',
  },
  NAME_PORT_NODE: {
    text: '{option}: service {name} has no port "{port}": that is its node port',
    why: 'a node port is open at the addresses of nodes, not at that of the service, whose ports are: {ports}',
    do: 'write one of them, or {option} node:NAME:{port}',
  },
  NAME_PORT_TARGET: {
    text: '{option}: service {name} has no port "{port}": that is where its pods listen',
    why: 'a target port is open at the addresses of pods, not at that of the service, whose ports are: {ports}',
    do: 'write one of them, or {option} pod:NAME:{port}',
  },
  NAME_PORT_PROTOCOL: {
    text: '{option}: service {name} has no {protocol} port',
    why: 'its ports are: {ports}',
    do: 'leave --proto out, or give the protocol of one of them',
  },
  NAME_PORT_NUMBER: {
    text: '{option}: "{port}" is not a port number of {name}',
    why: 'only ports of services have names here, and where listings show them; a number is 0 to 65535',
    do: 'write the number',
  },
  NAME_WHICH_PORT: {
    text: '{option}: service {name} has several ports',
    why: 'they are: {ports}',
    do: 'write which one: {option} svc:{name}:PORT',
  },
  NAME_SOURCE: {
    text: '{option}: a service sends no packets',
    why: 'its address is one that packets go to',
    do: 'name a pod or a node: {option} pod:NAME',
  },
  NAME_FORM: {
    text: '{option}: "{text}" is not KIND:NAME or KIND:NAME:PORT',
    why: 'a name may have its namespace before it, as in pod:default/web',
    do: 'write {option} pod:NAME, svc:NAME:PORT or node:NAME',
  },
  NAME_FAMILY: {
    text: '{option}: {name} has no IPv{family} address',
    why: 'the other end of the packet is IPv{family}',
    do: 'give two ends that have addresses of one family',
  },
} as const satisfies Catalogue;
