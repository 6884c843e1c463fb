/** Cause and remedy of other codes that have no cause and remedy of their own. */
import type { advice as english } from '../en/advice.js';
import type { Translated } from '../catalogue.js';

export const advice = {
  ADVICE_HEADER: {
    text: '규칙 불일치 이유: 패킷',
    why: '이 규칙에 이르렀을 때의 헤더나 인터페이스가 조건과 다릅니다. 앞에서 한 NAT도 반영됩니다',
    do: '`natwalk why NODE ... RULE`로 조건과 그 자리를 확인합니다. 조건에 맞는 패킷으로 바꾸거나 규칙을 고칩니다',
  },
  ADVICE_NO_MARK: {
    text: '규칙 불일치 이유: mark나 label',
    why: 'mark는 앞의 규칙이 정하며 회선의 패킷에는 들어 있지 않습니다',
    do: '변경 열에서 mark를 정하는 곳을 확인하고 --mark로 다른 값을 넣어 봅니다',
  },
  ADVICE_NO_CONNECTION: {
    text: '규칙 불일치 이유: 연결',
    why: 'conntrack의 상태가 규칙의 조건과 다릅니다',
    do: '--ct new 또는 --ct established를 넣어 보거나, 열린 연결을 알 수 있도록 `conntrack -L` 출력을 추가합니다',
  },
  ADVICE_NO_SET: {
    text: '규칙 불일치 이유: set',
    why: '패킷의 주소, 포트, 인터페이스를 src와 dst 플래그 순서로 set에서 찾습니다',
    do: '`ipset save` 덤프에서 원소를 찾고 src와 dst의 순서가 맞는지 확인합니다',
  },
  ADVICE_NO_BYTES: {
    text: '규칙 불일치 이유: 패킷의 바이트',
    why: '기술된 내용에서 정해지는 바이트가 식과 맞지 않습니다',
    do: '식의 오프셋이 패킷의 헤더와 맞는지 확인합니다',
  },
  ADVICE_NO_SENDER: {
    text: '규칙 불일치 이유: 소켓',
    why: '로컬 프로세스의 패킷에만 소유자가 있고, 소켓을 찾는 프로토콜도 일부뿐입니다',
    do: '--local과 함께 --uid나 --gid를 지정하거나 패킷을 보내는 쪽에서 살펴봅니다',
  },
  ADVICE_NO_WAY_BACK: {
    text: '규칙 불일치 이유: 되돌아가는 길',
    why: 'sysctl rp_filter와 달리, match rpfilter는 응답이 나갈 인터페이스를 묻습니다',
    do: '노드의 `ip route get SOURCE` 결과와 비교합니다. policy rule과 mark도 반영됩니다',
  },
  ADVICE_NO_CHANCE: {
    text: '규칙 불일치 이유: 우연, 차례, 상태',
    why: '이 결과에서는 우연, 차례, 클러스터의 노드, 시각, 장비의 상태가 조건과 맞지 않았습니다',
    do: '다른 결과를 읽습니다. --assume RULE=yes, --pick, --seed로 하나를 고를 수 있습니다',
  },
  ADVICE_NEVER: {
    text: '규칙 불일치 이유: 언제나 불일치',
    why: '쓰인 그대로의 조건은 어떤 패킷에도 맞지 않습니다',
    do: '의도하지 않은 반전(!)이나 한계값이 있는지 찾아 규칙을 고칩니다',
  },
  ADVICE_NO_NFT: {
    text: 'nftables 규칙 불일치 이유',
    why: '식이 비교하는 값이 패킷과 다릅니다. 묻는 값이 패킷에 없으면 규칙은 거기서 끝납니다',
    do: '`natwalk why NODE ... FAMILY TABLE CHAIN:N`으로 식과 그 자리를 확인합니다',
  },
  ADVICE_NO_ASSUMED: {
    text: '가정으로 정한 것',
    why: '스냅샷으로는 알 수 없어 이 결과에서는 이렇게 봅니다',
    do: '결과가 근거하는 가정을 읽습니다. 규칙은 --assume RULE=yes 또는 no로, 나머지는 덤프를 추가해 정합니다',
  },
  ADVICE_POLICY_MATCH: {
    text: '일치한 policy rule',
    why: 'policy rule은 우선순위 값이 작은 것부터 적용되며, route로 이어지는 첫 번째가 결정합니다',
    do: '`ip rule`과 `ip route show table TABLE`의 내용과 비교합니다',
  },
  ADVICE_POLICY_MISS: {
    text: 'policy rule 불일치 이유',
    why: '라우팅을 정하는 시점(DNAT 뒤, SNAT 앞, 그때의 mark)의 패킷이 selector와 다릅니다',
    do: '`natwalk why NODE ... rule/PRIORITY`로 selector를 확인하고, mark는 변경 열에서 확인합니다',
  },
  ADVICE_POLICY_TABLE: {
    text: 'route를 얻지 못한 policy rule',
    why: 'selector는 맞지만 테이블에 쓸 수 있는 route가 없어 다음 policy rule로 넘어갑니다',
    do: '그 테이블에 route를 추가하거나, 뒤의 어느 policy rule이 결정하는지 확인합니다',
  },
  ADVICE_VALUE: {
    text: '있을 수 없는 규칙의 값',
    why: 'iptables가 거부하는 값이므로 이런 규칙이 있는 커널은 없습니다. 손으로 적었거나, 잘렸거나, 바뀐 텍스트입니다',
    do: '`iptables-save`로 다시 수집하거나 표시된 줄의 값을 고칩니다',
  },
  ADVICE_OPTIONS: {
    text: '함께 쓸 수 없는 규칙의 옵션',
    why: 'match나 target에 필요한 옵션이 없거나 서로 배타적인 옵션이 있으면 iptables가 규칙을 거부합니다',
    do: 'iptables-extensions(8)와 비교하거나 `iptables-save`로 다시 수집합니다',
  },
  ADVICE_PACKET: {
    text: '있을 수 없는 패킷',
    why: '필드에 들어갈 수 없는 값이거나 서로 맞지 않는 값입니다',
    do: 'natwalk trace --help를 보고 옵션이나 batch 줄의 필드를 고칩니다',
  },
  ADVICE_WAY_IN: {
    text: '이 노드에 올 수 없는 패킷',
    why: '인터페이스나 출발지가 없거나, 어느 인터페이스로 들어오는지 알려 주는 route가 노드에 없습니다',
    do: '노드에 있는 인터페이스를 --in IFACE로 지정하거나, 노드의 프로세스라면 --local을 지정합니다',
  },
  ADVICE_CHECK_PATH: {
    text: '실패한 검사: 경로의 규칙',
    why: '만나서는 안 되는 규칙을 만났거나, 만나야 하는 규칙을 만나지 않았습니다',
    do: '실패 아래에 있는 명령으로 패킷을 따라갑니다. `natwalk why`는 규칙 하나를 설명합니다',
  },
  ADVICE_CHECK_NEVER: {
    text: '실패한 검사: 있어서는 안 되는 결과',
    why: '금지한 내용을 모두 갖춘 결과가 있습니다',
    do: '실패 아래에 있는 명령으로 패킷을 따라갑니다. 결정하는 규칙이나 기대를 고칩니다',
  },
  ADVICE_CHECK_NOTHING: {
    text: '뜻이 없는 검사',
    why: '금지한 것이 노드에 없으므로 무엇이 일어나든 통과합니다',
    do: '이름을 고치거나 검사를 지웁니다',
  },
  ADVICE_CHECK_RESTS: {
    text: '판정할 수 없는 검사',
    why: '결과가 가정에 근거하거나, 결과가 따라가는 한도보다 많습니다',
    do: '빠진 덤프를 추가하거나 검사에서 허용합니다: assume: [CODE]',
  },
  ADVICE_CHECK_REPLY: {
    text: '실패한 검사: 응답',
    why: '패킷이 사라지거나 그런 패킷에는 응답이 없어 따라갈 응답이 없습니다',
    do: '먼저 패킷 자체의 결과를 검사합니다',
  },
  ADVICE_CHECK_GOLDEN: {
    text: '실패한 검사: golden 파일',
    why: '비교할 경로가 아직 없습니다',
    do: 'natwalk check를 --update로 실행하고, 파일을 읽어 본 뒤 spec과 함께 보관합니다',
  },
  ADVICE_CAPACITY: {
    text: 'Pending 상태에 머무는 파드',
    why: '인스턴스 유형에 파드용 주소가 더 없거나 kubelet의 maxPods가 더 낮습니다',
    do: '더 큰 유형이나 prefix delegation(--prefix-delegation)을 쓰거나, 권장값까지 maxPods를 올립니다',
  },
  ADVICE_PATH_NETWORK: {
    text: '끝나는 길: 주소의 주인이 없음',
    why: '클러스터 파일과 노드에 그 뒤의 인터페이스, 파드, segment가 없습니다',
    do: '클러스터 파일에 빠진 것을 추가하거나, 그리로 이끄는 route나 파드 주소를 고칩니다',
  },
  ADVICE_PATH_ENI: {
    text: '끝나는 길: ENI의 출발지/목적지 검사',
    why: 'VPC는 ENI의 주소가 아닌 주소로 나가거나 들어오는 패킷을 버립니다',
    do: '패킷이 이 인터페이스로 나가는 이유(policy rule과 SNAT)를 확인하거나, 라우팅하는 인스턴스라면 검사를 끕니다',
  },
  ADVICE_PATH_VPC: {
    text: '끝나는 길: VPC',
    why: '서브넷의 라우팅 테이블에 길이 없거나, 인터넷 게이트웨이를 지날 공인 주소가 없습니다',
    do: 'VPC와 클러스터 파일에 route, NAT gateway 또는 공인 주소를 추가합니다',
  },
  ADVICE_PATH_BALANCER: {
    text: '끝나는 길: 로드 밸런서',
    why: '그 포트에 listener가 없거나 받을 대상이 없습니다',
    do: 'listener가 있는 포트로 보내거나 대상을 추가합니다',
  },
  ADVICE_PATH_TUNNEL: {
    text: '끝나는 길: 터널',
    why: '이 주소에 대한 overlay의 반대편을 노드가 모르거나, 반대편 노드에 그런 터널이 없습니다',
    do: '두 노드에서 인터페이스의 `ip neigh`와 `bridge fdb`를 비교합니다. CNI의 에이전트가 넣는 값입니다',
  },
  ADVICE_PATH_ROUND: {
    text: '끝나지 않는 길',
    why: '두 곳이 TTL이 다할 때까지 패킷을 서로에게 보냅니다',
    do: '순환이 일어나는 두 곳의 route를 확인합니다',
  },
  ADVICE_PATH_OWN: {
    text: '끝나는 길: 파드 자신',
    why: '자신이 엔드포인트인 서비스처럼 파드의 패킷이 출발지가 바뀌지 않은 채 자신에게 돌아왔습니다. Linux는 밖에서 온 그런 패킷을 받지 않습니다',
    do: '노드에서 masquerade합니다. kube-proxy는 엔드포인트의 KUBE-MARK-MASQ로 처리합니다',
  },
  ADVICE_PATH_ANSWER: {
    text: '묻는 대로 돌아오지 않는 응답',
    why: '응답의 출발지가 물은 곳과 다르거나, 그런 패킷에는 응답이 없습니다',
    do: '되돌아가는 길이 변환한 노드를 지나는지 확인합니다. 지나지 않으면 역변환되지 않습니다',
  },
  ADVICE_DROP_RULE: {
    text: '규칙 집합에 의한 DROP',
    why: 'DROP 규칙에 일치했거나, 받아들이는 규칙이 없고 체인의 policy가 DROP입니다',
    do: '답의 "통과하려면" 줄에 통과시킬 방법이 나옵니다. 앞의 규칙이 불일치한 이유는 `natwalk why`로 확인합니다',
  },
  ADVICE_DROP_RP_FILTER: {
    text: '역방향 경로 필터에 의한 DROP',
    why: 'rp_filter가 1이면 커널은 응답이 나갈 인터페이스와 다른 곳으로 들어온 패킷을 route 조회에서 버립니다. FORWARD와 INPUT은 보지 못합니다',
    do: '되돌아가는 길을 맞추거나(policy rule도 반영됨), 인터페이스와 all의 rp_filter를 0이나 2로 설정합니다',
  },
  ADVICE_DROP_MARTIAN: {
    text: '주소 때문에 버려짐',
    why: 'loopback, multicast처럼 회선에서 올 수 없는 주소이거나 포워딩할 수 없는 출발지입니다',
    do: '누가 이런 패킷을 보내는지 확인합니다. route_localnet과 accept_local이 일부를 허용합니다',
  },
  ADVICE_DROP_FORWARD: {
    text: '포워딩되지 않는 패킷',
    why: '노드가 포워딩하지 않거나(ip_forward), 이 노드만을 위한 프레임이 아니거나, TTL이 다했습니다',
    do: 'net.ipv4.ip_forward=1로 설정하거나, 노드의 하드웨어 주소로 보내거나, 순환하는 route를 찾습니다',
  },
  ADVICE_DROP_LINK: {
    text: '출력 인터페이스가 받지 않는 패킷',
    why: '인터페이스가 내려가 있거나, carrier가 없거나, MTU가 패킷보다 작거나, nexthop에 응답하는 이웃이 없거나, 패킷이 들어온 브리지 포트입니다',
    do: '인터페이스의 `ip link`와 `ip neigh`를 확인합니다',
  },
  ADVICE_DROP_ROUTING: {
    text: '라우팅에 의한 DROP',
    why: 'blackhole route나 policy rule에 걸렸거나, 노드가 그룹에 가입하지 않았습니다',
    do: '답에 나온 route를 확인합니다. 그룹은 `ip maddr`에 나옵니다',
  },
  ADVICE_DROP_NAT: {
    text: 'NAT에 의한 DROP',
    why: '변환할 포트나 주소가 없거나, 변환된 연결에 대한 ICMP redirect이거나, masquerade된 연결이 이제 다른 인터페이스로 나갑니다',
    do: '`conntrack -L`에서 걸리는 연결을 찾습니다. `conntrack -D`로 끝낼 수 있습니다',
  },
  ADVICE_DROP_VERDICT: {
    text: 'target이 끝내고 따로 응답하지 않는 패킷',
    why: 'SYNPROXY는 서버 대신 응답하고, REJECT는 오류, reset, 모두에게 보낸 패킷에 응답하지 않으며, 순환하는 jump에는 끝이 없습니다',
    do: '앞의 둘은 문제가 아닙니다. 순환하는 체인은 `natwalk lint NODE`로 찾아 고칩니다',
  },
} as const satisfies Translated<typeof english>;
