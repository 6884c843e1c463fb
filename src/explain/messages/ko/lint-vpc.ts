/** `natwalk lint`: the known faults of nodes of the AWS VPC CNI. */
import type { lintVpc as english } from '../en/lint-vpc.js';
import type { Translated } from '../catalogue.js';

export const lintVpc = {
  LINT_VPC_NO_MARK_RULE: {
    text: '{eni}의 파드(여기서는 {pod}): {primary}의 출발지 {source}인 채 {eni}에서 나감. mark가 있는 패킷을 main 테이블로 보내는 policy rule 없음',
    why: 'VPC는 다른 ENI의 주소로 나가는 패킷을 버립니다. VPC CNI 1.12.0까지는 AWS_VPC_K8S_CNI_NODE_PORT_SUPPORT가 켜져 있을 때만 규칙 1024를 만듭니다.',
    do: 'aws-node를 재시작하거나 1.12.1 이상으로 올리거나, 다음을 추가하십시오: ip rule add fwmark {mark}/{mark} lookup main priority 1024',
  },
  LINT_VPC_NO_CONNMARK: {
    text: '{eni}의 파드(여기서는 {pod}): {primary}의 출발지 {source}인 채 {eni}에서 나감. nat에 ct mark {mark} 설정 규칙 없음',
    why: 'AWS-CONNMARK-CHAIN-0이 없거나 그곳으로 가는 규칙이 없어서, 자기 ENI로 나가면서 다른 ENI의 주소를 갖게 됩니다.',
    do: '체인을 다시 만드는 aws-node를 재시작하십시오. nat를 비우는 프로그램이 있는지 찾으십시오.',
  },
  LINT_VPC_NO_RESTORE: {
    text: '{eni}의 파드(여기서는 {pod}): {primary}의 출발지 {source}인 채 {eni}에서 나감. nat에서 ct mark {mark} 설정 후 복원하지 않음',
    why: 'policy rule은 연결이 아니라 패킷의 mark를 읽습니다. 첫 패킷에는 mark가 없습니다.',
    do: 'aws-node를 재시작하거나 다음을 추가하십시오: iptables -t nat -A PREROUTING -j CONNMARK --restore-mark --nfmask {mark} --ctmask {mark}',
  },
  LINT_VPC_RESTORE_EARLY: {
    text: '{eni}의 파드(여기서는 {pod}): {primary}의 출발지 {source}인 채 {eni}에서 나감. ct mark {mark} 설정 전에 복원함',
    why: '첫 패킷은 연결에 아직 mark가 없을 때 복원 규칙을 지납니다.',
    do: '복원 규칙을 AWS-CONNMARK-CHAIN-0으로 가는 jump 뒤에 두십시오.',
  },
  LINT_VPC_MARK_LOST: {
    text: '{eni}의 파드(여기서는 {pod}): {primary}의 출발지 {source}인 채 {eni}에서 나감. 이 규칙에서 mark {mark} 사라짐',
    why: '마스크 없이 mark 전체를 설정하는 규칙(--set-mark)은 VPC CNI의 비트를 덮어씁니다.',
    do: '규칙에 {mark} 비트를 건드리지 않는 마스크를 지정하십시오.',
  },
  LINT_VPC_MARK_MISSING: {
    text: '{eni}의 파드(여기서는 {pod}): {primary}의 출발지 {source}인 채 {eni}에서 나감. mark {mark} 없음',
    why: 'VPC는 다른 ENI의 주소로 나가는 패킷을 버립니다.',
    do: '아래 패킷을 -o wide로 따라가 mark를 설정해야 할 규칙을 찾고, aws-node를 재시작하십시오.',
  },
  LINT_VPC_NO_MANGLE_RESTORE: {
    text: '{eni}의 파드(여기서는 {pod}): 첫 패킷 뒤에서 연결이 끊어짐. 첫 패킷의 출구 {primary}, 나머지는 출발지 {source}인 채 {eni}에서 나감',
    why: 'nat는 첫 패킷만 봅니다. 나머지 패킷의 mark {mark} 복원은 mangle PREROUTING에서 해야 합니다.',
    do: 'aws-node를 재시작하거나 다음을 추가하십시오: iptables -t mangle -A PREROUTING -i eni+ -j CONNMARK --restore-mark --nfmask {mark} --ctmask {mark}',
  },
  LINT_VPC_SERVICE_OUTSIDE: {
    text: '{table} {chain} 규칙 {rule}: 이 서비스를 찾는 {eni}의 파드가 다른 ENI의 출발지 {source}인 채 {eni}에서 나감, 엔드포인트 {endpoint} 위치는 VPC 밖',
    why: 'DNAT는 mark를 설정하기 전에 nat PREROUTING을 끝내지만 SNAT는 그대로 적용되고, VPC는 그 패킷을 버립니다.',
    do: 'AWS_EXTERNAL_SERVICE_CIDRS에 엔드포인트를 넣으십시오(1.12.6 이상). 그러면 policy rule이 main 테이블로 보냅니다.',
  },
  LINT_VPC_NODE_PORT_REPLY: {
    text: 'NodePort {port}: 요청은 {primary}에서 왔지만 파드 {pod}의 응답은 {eni}에서 나감',
    why: '요청이 들어온 인터페이스({primary})에서 mangle이 설정하는 mark가 없으면 응답은 파드의 길로 갑니다. AWS_VPC_K8S_CNI_NODE_PORT_SUPPORT=false는 그 규칙을 없앱니다.',
    do: 'AWS_VPC_K8S_CNI_NODE_PORT_SUPPORT를 true로 설정하고 aws-node를 재시작하십시오.',
  },
  LINT_VPC_RP_FILTER: {
    text: '{primary}: 되돌아가는 길을 엄격히 검사함 (rp_filter 1), 다른 ENI의 파드로 들어오는 패킷이 버려짐',
    why: '보조 ENI 파드의 되돌아가는 길은 그 파드의 policy rule에 따라 그 ENI로 이어지고, 검사는 mark를 모릅니다.',
    do: 'VPC CNI가 시작할 때처럼 net.ipv4.conf.{primary}.rp_filter에 2를 설정하십시오.',
  },
  LINT_VPC_NO_TO_RULE: {
    text: '파드 {pod}: 그 파드로 가는 policy rule 없음, 파드 {from}에서 보낸 패킷이 {eni}에서 나감',
    why: '우선순위 512의 규칙이 먼저 있어야 합니다. {eni}의 파드를 보내는 테이블에는 파드의 route가 없습니다.',
    do: 'aws-node를 재시작하거나 다음을 추가하십시오: ip rule add to {pod} lookup main priority 512',
  },
  LINT_VPC_ENI_TABLE: {
    text: '{eni}의 테이블 {table}: default route 없음. 파드(여기서는 {pod})가 {eni}의 주소로 {primary}에서 나감',
    why: '조회가 main 테이블로 넘어가고, VPC는 다른 ENI의 주소로 나가는 패킷을 버립니다.',
    do: 'aws-node를 재시작하거나, 테이블 {table}에 default route를 추가하십시오.',
  },
  LINT_VPC_SNAT_ADDRESS: {
    text: '{table} {chain} 규칙 {rule}: 노드의 어느 인터페이스에도 없는 출발지 {address} (기본 ENI의 주소여야 함)',
    why: 'VPC는 ENI의 것이 아닌 주소로 나가는 패킷을 버립니다.',
    do: 'aws-node를 재시작하고, 시작한 뒤에 기본 주소가 바뀌었는지 확인하십시오.',
  },
  LINT_VPC_SOCKET_SNAT: {
    text: '{eni}의 {address}에 바인드한 프로세스: 인터넷에 닿지 못함, 출발지 {source}인 채 {egress}에서 나감',
    why: 'VPC CNI 1.20 이상의 규칙 32765에 따라 {eni}에서 나가지만, SNAT는 그대로 기본 ENI의 주소로 바꿉니다.',
    do: '프로세스를 기본 주소에 바인드하거나 바인드하지 마십시오.',
  },
  LINT_VPC_SOCKET_MAIN: {
    text: '{eni}의 {address}에 바인드한 프로세스: 응답을 받지 못함, 출발지 {source}인 채 {egress}에서 나감',
    why: '1.20 이전의 VPC CNI는 보조 ENI 주소의 policy rule을 만들지 않아서 main 테이블이 결정하고, VPC는 다른 ENI의 주소로 나가는 패킷을 버립니다.',
    do: '프로세스를 기본 주소에 바인드하거나 바인드하지 마십시오. 또는 업그레이드하십시오.',
  },
  LINT_VPC_BRANCH_LOCAL: {
    text: 'branch ENI의 파드 {pod}: 노드 자신에 닿지 못함, {address}에 보낸 패킷이 {egress}에서 나감',
    why: '규칙 {priority} 검사가 local 테이블보다 먼저라서, 노드 자신의 주소(NodeLocal DNS 포함)도 VPC에서 찾습니다.',
    do: 'POD_SECURITY_GROUP_ENFORCING_MODE=standard를 쓰거나, 규칙 {priority} 앞에 그 주소로 가는 policy rule을 추가하십시오.',
  },
} as const satisfies Translated<typeof english>;
