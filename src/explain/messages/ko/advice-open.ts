/** Cause and remedy of open questions and assumptions (UNK_…, ASM_…). */
import type { adviceOpen as english } from '../en/advice-open.js';
import type { Translated } from '../catalogue.js';

export const adviceOpen = {
  ADVICE_PAYLOAD: {
    text: '미정: 주어지지 않은 패킷의 일부',
    why: '패킷은 주소, 포트, 플래그, mark로 기술됩니다. 옵션, 뒤따르는 헤더, 내용은 알 수 없으므로 두 경우를 모두 따라갑니다',
    do: '--assume RULE=yes 또는 --assume RULE=no로 정하거나 natwalk trace --help를 보고 패킷을 더 자세히 기술합니다',
  },
  ADVICE_LENGTH: {
    text: '미정: 패킷의 길이',
    why: '규칙이 길이를 묻는데 패킷에 길이가 주어지지 않았습니다',
    do: '--length BYTES(batch에서는 "length")를 지정합니다',
  },
  ADVICE_MATCH: {
    text: '미정: natwalk가 다루지 않는 match',
    why: '추측하지 않으므로 일치하는 경우와 일치하지 않는 경우를 모두 따라갑니다',
    do: 'iptables-extensions(8)나 nft(8)에서 무엇을 묻는지 읽고 --assume RULE=yes 또는 --assume RULE=no로 정합니다',
  },
  ADVICE_TARGET: {
    text: '미정: natwalk가 다루지 않는 target',
    why: '패킷을 계속 보낼 수도, 받아들일 수도, 버릴 수도 있습니다',
    do: '매뉴얼에 따라 --assume RULE=continue, accept 또는 drop으로 정합니다',
  },
  ADVICE_PINNED: {
    text: '미정: 덤프에 없는 프로그램',
    why: 'iptables-save에는 프로그램의 위치만 나오고 프로그램은 나오지 않습니다',
    do: '노드에서 bpftool prog dump로 확인하고 --assume RULE=yes 또는 no로 정합니다',
  },
  ADVICE_FRAME: {
    text: '미정: 패킷을 실어 온 프레임',
    why: '프레임과 브리지 포트는 패킷의 기술에 들어 있지 않습니다',
    do: '--assume RULE=yes 또는 --assume RULE=no로 정합니다',
  },
  ADVICE_PROCESS: {
    text: '미정: 보내는 프로세스',
    why: '규칙이 보내는 쪽의 사용자, 그룹, cgroup, 소켓을 묻는데 주어지지 않았습니다',
    do: '--uid와 --gid를 지정하거나 --assume RULE=yes 또는 no로 정합니다',
  },
  ADVICE_CONNECTED: {
    text: '미정: 보내는 UDP 소켓의 connect 여부',
    why: 'OUTPUT에서 패킷이 바뀌면 커널이 다시 라우팅하며, 그 방법이 소켓에 따라 다릅니다',
    do: '--connected yes 또는 --connected no를 지정합니다',
  },
  ADVICE_SOCKETS: {
    text: '미정: 노드에서 대기하는 소켓',
    why: '스냅샷의 덤프에는 소켓이 나오지 않습니다',
    do: '노드에서 `ss -lntu`로 확인합니다. 그룹은 `ip maddr` 출력을 추가합니다',
  },
  ADVICE_COUNTED: {
    text: '미정: 커널이 지금까지 센 값',
    why: '버킷, 목록, quota, 차례는 패킷마다 바뀌며 덤프에는 현재 값이 나오지 않습니다',
    do: '두 결과를 모두 읽거나 --assume RULE=yes 또는 no로 정합니다',
  },
  ADVICE_CHANCE: {
    text: '미정: 우연이 정하는 것',
    why: '규칙에 이르는 패킷마다 커널이 수를 뽑습니다. nat 규칙은 연결마다 한 번 적용됩니다',
    do: '확률이 붙은 결과를 각각 읽습니다. --seed N으로 뽑거나 --pick ENDPOINT, --assume RULE=yes로 정합니다',
  },
  ADVICE_DRAWN: {
    text: '미정: 커널이 고르는 포트나 주소',
    why: 'NAT가 범위 안에서 고르는데 뒤의 규칙이 그 일부만 묻습니다',
    do: '그 규칙을 --assume RULE=yes 또는 no로 정합니다',
  },
  ADVICE_MARK: {
    text: '미정: mark의 비트',
    why: '다루지 않는 target이나 연결의 항목처럼 스냅샷에 나오지 않는 방법으로 앞에서 mark가 정해졌습니다',
    do: '변경 열에서 mark를 정하는 곳을 확인합니다. --mark로 지정할 수 있고, 연결의 mark는 `conntrack -L`에 나옵니다',
  },
  ADVICE_CONNECTION: {
    text: '미정: 패킷이 속한 연결',
    why: 'conntrack이 연결에 대해 아는 것에 달려 있는데 스냅샷에 나오지 않습니다',
    do: '`conntrack -L` 출력을 추가하거나 --ct new, established, related, untracked, invalid 가운데 하나를 지정합니다',
  },
  ADVICE_SETS: {
    text: '미정: set이나 map의 내용',
    why: '덤프가 없거나, 잘렸거나, 다 읽지 못했습니다',
    do: '`ipset save` 출력을 추가합니다. nftables의 set은 `nft -a list ruleset` 출력을 추가합니다',
  },
  ADVICE_SET_ASKS: {
    text: '미정: set이 패킷에 묻는 값',
    why: 'set의 키가 패킷의 기술에 없는 값입니다',
    do: '--assume RULE=yes 또는 no로 정합니다',
  },
  ADVICE_SET_CHANGED: {
    text: '미정: 이 경로에서 바뀔 수 있는 set',
    why: '앞의 규칙이 원소를 추가하는데, 추가했는지가 이미 미정입니다',
    do: '앞의 규칙을 --assume RULE=yes 또는 no로 정합니다',
  },
  ADVICE_NFT_TEXT: {
    text: '미정: nft 목록에 나오지 않는 것',
    why: '`nft list ruleset`에는 iptables-nft가 쓴 내용 일부가 빠지며, 오프라인에서 계산할 수 없는 표현도 있습니다',
    do: '`iptables-save` 출력을 추가하거나 --assume RULE=yes 또는 no로 정합니다',
  },
  ADVICE_DEVICE: {
    text: '미정: 인터페이스에 관한 것',
    why: '인터페이스나 그 그룹, VRF, 주소가 스냅샷에 나오지 않습니다',
    do: '`ip -d addr` 출력을 추가합니다',
  },
  ADVICE_MACHINE: {
    text: '미정: 규칙 밖의 장비 상태',
    why: '시계, CPU, IPsec, IPVS, 운영체제 식별은 덤프에 나오지 않습니다',
    do: '두 결과를 모두 읽거나 --assume RULE=yes 또는 no로 정합니다',
  },
  ADVICE_LISTED: {
    text: '미정: 목록에 나오지 않는 것',
    why: '`iptables -L`은 -v 없이는 인터페이스를, -n 없이는 주소 대신 이름을 보여 주며 일부 match는 아예 보여 주지 않습니다',
    do: '대신 `iptables-save`를 수집합니다',
  },
  ADVICE_POLICY_RULES: {
    text: '미정: policy rule',
    why: '`ip rule` 목록이 없거나 일부뿐인데, 어느 테이블을 찾을지는 policy rule이 정합니다',
    do: '`ip rule`(과 `ip -6 rule`) 출력을 추가합니다',
  },
  ADVICE_ROUTES: {
    text: '미정: route',
    why: '조회하는 테이블이 없거나 일부뿐입니다',
    do: '`ip route show table all`(과 `ip -6 route show table all`) 출력을 추가합니다',
  },
  ADVICE_HISTORY: {
    text: '미정: 노드를 설정한 순서',
    why: '커널은 명령의 순서를 기억하지만 목록에는 나오지 않습니다',
    do: '두 결과를 모두 읽습니다. 노드에서는 `ip route get`으로 커널에 직접 물을 수 있습니다',
  },
  ADVICE_NEXTHOP: {
    text: '미정: 어느 nexthop을 쓰는지',
    why: '커널은 이웃의 상태와 버전에 따라 고릅니다',
    do: '`ip neigh`와 `sysctl -a`(kernel.osrelease) 출력을 추가합니다',
  },
  ADVICE_FRAGMENT: {
    text: '미정: 패킷의 단편화 허용 여부',
    why: '패킷이 경로의 MTU보다 깁니다. DF가 있으면 버려지고 보낸 쪽에 알려집니다',
    do: 'Linux는 TCP에 DF를 설정하므로 TCP라면 그 결과를 읽습니다. --length를 줄이면 생기지 않는 문제입니다',
  },
  ADVICE_BRIDGE_PORT: {
    text: '미정 또는 가정: 브리지 포트',
    why: '브리지는 hairpin 모드일 때만 패킷을 들어온 포트로 되돌려 보내는데, 읽는 덤프에는 그 모드가 나오지 않습니다',
    do: '`bridge -d link`에서 `hairpin on`을 확인하고 --assume으로 정합니다',
  },
  ADVICE_SETTING: {
    text: '미정: 커널 설정',
    why: '값이 스냅샷에 없거나 서로 다른 값이 있습니다',
    do: '`sysctl -a` 출력을 추가하거나 --set sysctl.NAME=VALUE로 값을 넣어 봅니다',
  },
  ADVICE_TABLES: {
    text: '가정: 노드에 있는 규칙',
    why: '테이블, 체인의 policy, 다른 iptables의 규칙이 스냅샷에 없으며 아무것도 바꾸지 않는다고 봅니다',
    do: '`iptables-save` 출력을 추가합니다. 두 iptables를 함께 쓴다면 iptables-legacy-save와 iptables-nft-save 출력을 추가합니다',
  },
  ADVICE_NFT_TABLES: {
    text: '가정: nftables의 테이블',
    why: 'nftables 목록이 스냅샷에 없거나 일부뿐이며, 나오지 않은 것은 없다고 봅니다',
    do: '`nft -a list ruleset` 출력을 추가합니다',
  },
  ADVICE_NOT_MODELLED: {
    text: '가정: natwalk가 따라가지 않는 부분',
    why: '브리지, ingress hook, flowtable, 확장 헤더는 따라가지 않으며 패킷이 그대로 지나간다고 봅니다',
    do: '그 부분은 노드에서 `nft monitor trace`로 직접 확인합니다',
  },
  ADVICE_GATHERED: {
    text: '가정: 덤프가 한 시점의 온전한 것임',
    why: '목록이 비었거나, 잘렸거나, 다른 목록과 어긋나거나, 내용을 바꾸는 명령보다 오래되었습니다',
    do: '덤프를 한꺼번에 다시 수집합니다. `natwalk collect`가 수집 스크립트를 출력합니다',
  },
  ADVICE_SETTLED: {
    text: '직접 정한 것',
    why: '미정인 것을 지정한 대로 봅니다. --seed는 우연을 뽑고, --pick은 엔드포인트를 정합니다',
    do: '옵션을 빼면 모든 결과가 확률과 함께 나옵니다',
  },
  ADVICE_LACK: {
    text: '스냅샷에 없는 것',
    why: '이 덤프가 없으면 일부 답이 가정에 근거합니다',
    do: '`natwalk doctor`가 알려 주는 명령의 출력을 추가합니다. `natwalk collect`는 모두 수집합니다',
  },
  ADVICE_BUDGET: {
    text: '가정: 얽힌 체인에서 패킷이 버려짐',
    why: '체인끼리 너무 많이 jump하여 끝까지 따라가지 않습니다',
    do: '순환하는 jump를 찾습니다: natwalk lint NODE',
  },
  ADVICE_OWN_ADDRESS: {
    text: '가정: 노드의 주소',
    why: 'MASQUERADE, REDIRECT, 로컬 프로세스는 인터페이스의 주소를 쓰는데 그 주소나 나가는 길이 스냅샷에 나오지 않습니다',
    do: '`ip addr`, `ip route show table all` 출력을 추가합니다',
  },
} as const satisfies Translated<typeof english>;
