/** Words about names of pods, services and nodes. */
import type { names as english } from '../en/names.js';
import type { Translated } from '../catalogue.js';

export const names = {
  NAME_SERVICE: '서비스 {name}',
  NAME_LOAD_BALANCER: '서비스 {name}의 로드 밸런서',
  NAME_EXTERNAL_ADDRESS: '서비스 {name}의 외부 주소',
  NAME_NODE_PORT: '서비스 {name}의 NodePort',
  NAME_WITH_PORT: '{text}, 포트 {port}',
  NAME_WITHOUT_PORT: '{text}, 포트 {port} 없음',
  NAME_POD: '파드 {name}',
  NAME_POD_ON: '{text}, 노드 {node}',
  NAME_NODE: '노드 {name}',
  NAME_NODE_PODS: '{text} (호스트 네트워크 파드: {pods})',
  NAME_ENDPOINT: '서비스 {name}의 엔드포인트',
  NAME_MORE: '{text} (외 {count}개)',
  NAME_OR: '{text}, 또는 {other}',
  NAMES_ROW: {
    text: '표의 머리글 아래에 있지 않은 행',
    why: '어느 단어가 이름이고 어느 것이 주소인지 알 수 없습니다. 이 행은 제외하고 나머지는 씁니다.',
    do: 'kubectl이 출력한 그대로, 또는 `-o json`으로 목록을 다시 추가하십시오.',
  },
  NAMES_JSON: {
    text: '여기서부터 JSON이 아닌 객체',
    why: '그 안의 이름과 주소를 알 수 없습니다. 이 객체는 제외하고 나머지는 씁니다.',
    do: '`kubectl get -o json`의 출력 전체를 다시 저장하십시오.',
  },
  NAMES_CUT: {
    text: 'kubectl의 JSON이 이 객체 안에서 끝남',
    why: '텍스트가 잘렸습니다. 이 객체는 제외하며 그 뒤의 것은 알 수 없습니다. 앞의 것은 씁니다.',
    do: '`kubectl get -o json`의 출력 전체를 다시 저장하십시오.',
  },
  NAMES_YAML: {
    text: 'YAML이 아님 ({reason})',
    why: '여기서부터의 이름과 주소를 알 수 없습니다. 앞의 객체는 씁니다.',
    do: '`kubectl get -o yaml`의 출력 전체를 다시 저장하거나 `-o json`을 쓰십시오.',
  },
  NAMES_YAML_LARGE: {
    text: '{most}자를 넘는 YAML',
    why: '이렇게 긴 YAML은 읽는 데 너무 오래 걸립니다. 그 안의 이름은 제외합니다.',
    do: '`-o yaml` 대신 `kubectl get -o json`이나 `-o wide`를 쓰십시오.',
  },
  NAMES_DISAGREE: {
    text: '{kind} {name}: 목록마다 주소가 다름',
    why: '목록의 시점이나 클러스터가 다릅니다. 양쪽 주소 모두에 이름을 표시합니다.',
    do: '모든 목록을 같은 시점에 받거나, 오래된 것을 빼십시오.',
  },
  NAMES_CONTRADICT: {
    text: '실행 중인 여러 파드가 같은 주소를 씀: {address} ({names})',
    why: '주소를 함께 쓰는 것은 호스트 네트워크 파드뿐입니다. 목록의 시점이나 클러스터가 다르며, 이름은 모두 표시합니다.',
    do: '모든 목록을 같은 시점에 받거나, 오래된 것을 빼십시오.',
  },
  NAME_UNKNOWN: {
    text: '{option}: 스냅샷에 {kind} "{name}" 없음',
    why: '이름은 kubectl의 출력과 kube-proxy의 규칙에서 읽습니다. 가장 비슷한 이름: {names}',
    do: '그 가운데 하나를 쓰십시오. 여러 개라면 NAMESPACE/NAME처럼 네임스페이스를 붙이십시오',
  },
  NAME_NO_LISTING: {
    text: '{option}: 스냅샷에 {kind} "{name}"의 주소를 알려 주는 것이 없음',
    why: '이름은 kubectl의 출력과 kube-proxy의 규칙에서 읽습니다',
    do: '`kubectl get pod,svc,endpointslice,node -A -o json`의 출력을 추가하십시오',
  },
  NAME_AMBIGUOUS: {
    text: '{option}: {kind} "{name}", 여러 개 가운데 하나일 수 있음: {names}',
    why: '패킷의 양 끝에는 주소가 하나씩만 있습니다',
    do: '이름을 더 길게 쓰거나 NAMESPACE/NAME으로 쓰십시오',
  },
  NAME_NO_ADDRESS: {
    text: '{option}: 어느 목록에도 {kind} {name}의 주소가 없음',
    why: '아직 주소가 없거나(Pending인 파드), `-o wide` 없이 출력한 목록입니다',
    do: '`kubectl get pod,svc,endpointslice,node -A -o json`의 출력을 추가하십시오',
  },
  NAME_ENDED: {
    text: '{option}: 이미 끝난 파드 {name}',
    why: '주소가 반납되어 지금은 다른 파드의 것일 수 있습니다',
    do: '실행 중인 파드의 이름이나 주소를 쓰십시오',
  },
  NAME_HEADLESS: {
    text: '{option}: headless 서비스 {name}',
    why: '자신의 주소가 없으며 이름이 바로 파드들로 이어집니다',
    do: '파드 가운데 하나를 쓰십시오: {option} pod:NAME:PORT',
  },
  NAME_EXTERNAL_NAME: {
    text: '{option}: 주소가 없는 ExternalName 서비스 {name}',
    why: 'DNS에만 있는 이름이며 {target}의 별칭입니다. 노드의 어떤 규칙도 변환하지 않습니다',
    do: '{target}의 주소를 조회해 쓰십시오: {option} IP:PORT',
  },
  NAME_NODE_OF_PODS: {
    text: '{option}: 노드 {name}, 파드 목록에만 나오고 주소는 어디에도 없음',
    why: '파드의 NODE 열에는 주소가 없고, 목록의 어느 파드도 그 노드의 네트워크를 쓰지 않습니다',
    do: '`kubectl get node -o wide`의 출력을 추가하십시오',
  },
  NAME_PORT: {
    text: '{option}: 서비스 {name}에 포트 "{port}" 없음',
    why: '있는 포트: {ports}',
    do: '그 가운데 하나를 이름이나 번호로 쓰거나, 이름 대신 주소를 쓰십시오',
  },
  NAME_PORT_NODE: {
    text: '{option}: 서비스 {name}에 포트 "{port}" 없음: 그것은 NodePort임',
    why: 'NodePort는 서비스가 아니라 노드의 주소에서 열립니다. 서비스의 포트: {ports}',
    do: '그 가운데 하나를 쓰거나 {option} node:NAME:{port} 형식으로 쓰십시오',
  },
  NAME_PORT_TARGET: {
    text: '{option}: 서비스 {name}에 포트 "{port}" 없음: 그것은 파드가 대기하는 포트임',
    why: 'targetPort는 서비스가 아니라 파드의 주소에서 열립니다. 서비스의 포트: {ports}',
    do: '그 가운데 하나를 쓰거나 {option} pod:NAME:{port} 형식으로 쓰십시오',
  },
  NAME_PORT_PROTOCOL: {
    text: '{option}: 서비스 {name}에 {protocol} 포트 없음',
    why: '있는 포트: {ports}',
    do: '--proto를 빼거나, 그 가운데 하나의 프로토콜을 주십시오',
  },
  NAME_PORT_NUMBER: {
    text: '{option}: "{port}", {name}의 포트 번호가 아님',
    why: '여기서 포트 이름은 목록에 나온 서비스의 것만 쓸 수 있습니다. 번호는 0-65535입니다',
    do: '번호로 쓰십시오',
  },
  NAME_WHICH_PORT: {
    text: '{option}: 서비스 {name}에 포트가 여럿임',
    why: '있는 포트: {ports}',
    do: '어느 포트인지 쓰십시오: {option} svc:{name}:PORT',
  },
  NAME_SOURCE: {
    text: '{option}: 서비스는 패킷을 보내지 않음',
    why: '서비스의 주소는 패킷이 향하는 주소입니다',
    do: '파드나 노드를 쓰십시오: {option} pod:NAME',
  },
  NAME_FORM: {
    text: '{option}: "{text}", KIND:NAME 또는 KIND:NAME:PORT 형식이 아님',
    why: 'pod:default/web처럼 이름 앞에 네임스페이스를 붙일 수 있습니다',
    do: '{option} pod:NAME, svc:NAME:PORT 또는 node:NAME처럼 쓰십시오',
  },
  NAME_FAMILY: {
    text: '{option}: {name}에 IPv{family} 주소가 없음',
    why: '패킷의 반대쪽 끝이 IPv{family}입니다',
    do: '주소 체계가 같은 양 끝을 주십시오',
  },
} as const satisfies Translated<typeof english>;
