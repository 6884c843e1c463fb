/** `natwalk lint`: what stands in a node's dumps that does not do what it says. */
import type { lint as english } from '../en/lint.js';
import type { Translated } from '../catalogue.js';

export const lint = {
  LINT_SEVERITY_error: '오류',
  LINT_SEVERITY_warning: '경고',
  LINT_SEVERITY_note: '참고',
  LINT_SHOWN: '확인',
  LINT_THEN: '이어서',
  LINT_THEN_SAME: '같은 연결의 두 번째 패킷',
  LINT_BACK: '응답',
  LINT_NONE: '찾은 문제 없음',
  LINT_COUNT: '오류 {errors}, 경고 {warnings}, 참고 {notes}',
  LINT_CUT: '탐색 한도에 도달함: 더 있을 수 있음',
  LINT_RESTS: '가정: {text}',

  LINT_AT_DECIDES: '결정하는 규칙',
  LINT_AT_FIRST: '첫 번째 규칙',
  LINT_AT_CHAIN: '체인',
  LINT_AT_SNAT: '출발지를 정하는 규칙',
  LINT_AT_SENT: '그쪽으로 보내는 곳',
  LINT_AT_OTHER: '다른 쪽',
  LINT_AT_POLICY: '그 policy',
  LINT_AT_RESTORE: '복원하는 규칙',
  LINT_AT_ENDPOINTS: '목록에 있는 엔드포인트',

  LINT_UNSHOWN_NOT_FOUND: '그곳에 닿는 패킷을 찾지 못함',
  LINT_UNSHOWN_NO_WAY: '보여 줄 패킷 없음: 그곳으로 가는 규칙이 없음',
  LINT_UNSHOWN_NOT_LOADED: '보여 줄 패킷 없음: 커널이 이런 규칙 집합을 받지 않음',
  LINT_UNSHOWN_NOTHING_SETS: '보여 줄 패킷 없음: 스냅샷에 설정하는 것이 없음',

  LINT_AFTER_TERMINAL: {
    text: '{table} {chain} 규칙 {rule}부터 끝까지 도달 불가 ({count}개): 규칙 {by}에서 모든 패킷이 끝남',
    why: '조건 없이 체인을 끝내는 규칙 뒤에는 패킷이 남지 않습니다.',
    do: '뒤의 규칙을 지우거나, 모든 패킷을 끝내는 규칙보다 앞으로 옮기십시오.',
  },
  LINT_SHADOWED: {
    text: '{table} {chain} 규칙 {rule}에 일치하는 패킷 없음: 앞선 규칙 {by}에서 그 패킷이 모두 다르게 결정됨',
    why: '규칙은 순서대로 검사되고, 체인을 끝내는 첫 규칙이 결정합니다.',
    do: '더 좁은 규칙을 앞에 두거나, 일치하지 않는 규칙을 지우십시오.',
  },
  LINT_REDUNDANT: {
    text: '{table} {chain} 규칙 {rule}에 일치하는 패킷 없음: 앞선 규칙 {by}에서 더 많은 패킷이 똑같이 결정됨',
    why: '패킷의 결과는 그대로이지만, 이 규칙은 하는 일이 없습니다.',
    do: '규칙을 지우십시오.',
  },
  LINT_DUPLICATE: {
    text: '{table} {chain} 규칙 {rule}에 일치하는 패킷 없음: 규칙 {by}에 같은 내용이 있음',
    why: '같은 두 규칙 중 첫 번째가 결정하고, 첫 번째를 지우면 두 번째가 남습니다.',
    do: '둘 중 하나를 지우십시오. -A 앞에 iptables -C를 쓰면 같은 규칙이 두 번 추가되지 않습니다.',
  },
  LINT_REPEATED: {
    text: '{table} {chain} 규칙 {rule}: 규칙 {by}에서 한 일을 되풀이함',
    why: '둘 사이에 조건을 바꾸는 것이 없어서 두 번째는 아무것도 바꾸지 않습니다.',
    do: '둘 중 하나를 지우십시오. -A 앞에 iptables -C를 쓰면 같은 규칙이 두 번 추가되지 않습니다.',
  },
  LINT_EMPTY_CHAIN: {
    text: '{table} {chain} 규칙 {rule}: 규칙이 없는 체인 {to}에 연결됨',
    why: '빈 체인에 들어간 패킷은 그대로 돌아옵니다.',
    do: '체인을 채우거나 규칙을 지우십시오. 프로그램이 나중에 채우는 체인이면 그대로 두십시오.',
  },
  LINT_MISSING_CHAIN: {
    text: '{table} {chain} 규칙 {rule}: {to}에 연결됨, 테이블의 체인도 natwalk가 아는 target도 아님',
    why: '커널은 없는 체인으로 가는 jump를 받지 않으므로, 덤프가 커널의 것이 아니거나 일부만 있습니다.',
    do: 'iptables-save로 테이블 전체를 다시 덤프하거나 체인을 추가하십시오.',
  },
  LINT_UNREFERRED_CHAIN: {
    text: '{table} 체인 {chain} (규칙 {count}개): 이 체인에 연결된 규칙 없음',
    why: '아무 규칙도 가리키지 않는 체인의 규칙은 검사되지 않습니다.',
    do: '체인을 지우거나, 빠진 jump를 추가하십시오.',
  },
  LINT_BEHIND_POLICY: {
    text: '{table} {chain} 도달 불가 (규칙 {count}개): 앞선 테이블 {by}의 {chain}에서 모든 패킷이 버려짐',
    why: '한 테이블이 버린 패킷은 그 뒤의 테이블에 닿지 않습니다.',
    do: '통과해야 할 패킷을 테이블 {by}에서 ACCEPT하거나, 닿지 않는 규칙을 지우십시오.',
  },
  LINT_CONNMARK_LATE: {
    text: '{table} {chain} 규칙 {rule}: 연결에 {mark} 설정, 첫 패킷에는 그 mark가 없음. 첫 패킷의 출구 {first}, 나머지의 출구 {second}',
    why: '설정하기 전에 복원하고, nat는 첫 패킷 뒤의 패킷을 보지 않습니다.',
    do: '설정하는 규칙 뒤에서 다시 복원하거나, 패킷에 mark를 설정한 뒤 저장하십시오.',
  },
  LINT_CONNMARK_ONCE: {
    text: '{table} {chain} 규칙 {rule}: 연결에 {mark} 설정, 첫 패킷에만 그 mark가 있음. 첫 패킷의 출구 {first}, 나머지의 출구 {second}',
    why: 'nat는 연결의 첫 패킷만 봅니다. 나머지 패킷의 mark는 mangle에서 복원해야 합니다.',
    do: '그 방향의 패킷을 위해 mangle PREROUTING에서도 mark를 복원하십시오.',
  },
  LINT_MARK_UNREAD: {
    text: '{table} {chain} 규칙 {rule}: mark {mark} 설정, 이 스냅샷에 읽는 곳 없음',
    why: '이 비트를 검사하는 match, policy rule, 저장된 ct mark가 없습니다.',
    do: '규칙을 지우거나 mark를 읽을 것을 추가하십시오. 별도의 프로그램이 읽으면 그대로 두십시오.',
  },
  LINT_CTMARK_UNREAD: {
    text: '{table} {chain} 규칙 {rule}: ct mark {mark} 설정, 이 스냅샷에 읽는 곳 없음',
    why: '이를 검사하는 규칙도, 읽히는 곳으로 복원하는 규칙도 없습니다.',
    do: '규칙을 지우거나, 필요한 곳에서 mark를 복원하십시오.',
  },
  LINT_MARK_UNSET: {
    text: '{table} {chain} 규칙 {rule}: mark {mark} 검사, 이 스냅샷에 설정하는 곳 없음',
    why: '덤프에 나오지 않는 SO_MARK 프로세스, tc, eBPF 프로그램만 설정할 수 있습니다.',
    do: '빠진 규칙을 추가하거나 이 규칙을 지우십시오. 별도의 프로그램이 설정하면 그대로 두십시오.',
  },
  LINT_CTMARK_UNSET: {
    text: '{table} {chain} 규칙 {rule}: ct mark {mark} 검사, 이 스냅샷에 설정하는 곳 없음',
    why: '이를 설정하는 규칙도, 이 비트가 있는 mark를 저장하는 규칙도 없습니다.',
    do: '빠진 규칙을 추가하거나 이 규칙을 지우십시오.',
  },
  LINT_FWMARK_UNSET: {
    text: 'policy rule {priority}: mark {mark} 검사, 이 스냅샷에 설정하는 곳 없음',
    why: '덤프에 나오지 않는 SO_MARK 프로세스, tc, eBPF 프로그램만 설정할 수 있습니다.',
    do: 'mark를 설정하는 규칙을 추가하십시오. 별도의 프로그램이 설정하면 그대로 두십시오.',
  },
  LINT_SNAT_NOT_OWN: {
    text: '{table} {chain} 규칙 {rule}: 노드에 없는 출발지 {address}, {device}의 네트워크에 속함',
    why: '그 네트워크의 호스트가 ARP로 주소를 물어도 답하는 곳이 없어서 응답이 사라집니다.',
    do: '주소를 {device}에 추가하거나 노드에 있는 주소로 바꾸십시오. 노드 사이를 옮겨 다니는 주소이면 그대로 두십시오.',
  },
  LINT_SNAT_FOREIGN: {
    text: '{table} {chain} 규칙 {rule}: 노드에 없는 출발지 {address}',
    why: '네트워크가 그 주소를 이 노드로 보낼 때만 응답이 돌아옵니다.',
    do: '라우터가 그 주소({address})를 이 노드로 보내는지 확인하십시오.',
  },
  LINT_NO_ENDPOINT: {
    text: '{table} {chain} 규칙 {rule}: 더는 {service}의 엔드포인트가 아닌 {target}에 보냄',
    why: 'kube-proxy가 규칙을 지우지 않았거나, 목록들의 시점이 서로 다릅니다.',
    do: '이 노드의 kube-proxy를 살펴보거나(kubectl logs), 규칙과 엔드포인트를 같은 시점에 다시 받으십시오.',
  },
  LINT_MIXED_BACKENDS: {
    text: 'IPv{family}: iptables-legacy 규칙 {legacy}개, iptables-nft 규칙 {nft}개',
    why: '커널은 둘 다 실행하지만 각 도구는 자기 것만 보여 줍니다. 한쪽 목록에 없는 규칙도 결정에 참여합니다.',
    do: '어느 프로그램이 어느 iptables를 쓰는지 찾아 한쪽으로 옮기고, 남은 쪽을 비우십시오.',
  },
  LINT_POLICY_UNREACHED: {
    text: 'policy rule {priority} 도달 불가: 규칙 {by}에서 그 패킷이 모두 결정되고 route도 있음',
    why: 'policy rule은 우선순위 순서로 검사되고, route가 있는 첫 규칙이 결정합니다.',
    do: '우선순위를 {by}보다 앞에 두거나, 규칙을 지우십시오.',
  },
  LINT_TABLE_EMPTY: {
    text: 'policy rule {priority}: route가 없는 테이블 {table} 조회',
    why: '이 규칙이 없는 것처럼 뒤의 규칙으로 조회가 이어집니다.',
    do: '빠진 route를 추가하거나 규칙을 지우십시오.',
  },
  LINT_TABLE_NO_DEFAULT: {
    text: 'policy rule {priority}: default route가 없는 테이블 {table} 조회',
    why: '테이블의 어느 route에도 맞지 않는 패킷은 뒤의 규칙으로 넘어갑니다.',
    do: '넘어가지 않아야 하면 default route나 unreachable route를 추가하십시오.',
  },
  LINT_RP_FILTER: {
    text: '{device}: 되돌아가는 길을 엄격히 검사함 (rp_filter 1), {source}에서 {address}에 보낸 패킷이 버려짐. 되돌아가는 길의 출구 {back}',
    why: 'rp_filter가 1이면 출발지로 가는 길이 들어온 인터페이스와 같을 때만 통과합니다.',
    do: 'net.ipv4.conf.{device}.rp_filter에 2를 설정하거나(net.ipv4.conf.all도 적용됨), from {address} policy rule을 추가하십시오.',
  },
  LINT_RP_FILTER_NO_WAY: {
    text: '{device}: 되돌아가는 길을 검사함 (rp_filter), {source}에서 {address}에 보낸 패킷이 버려짐. 되돌아가는 길 없음',
    why: '출발지로 가는 route를 찾지만 없습니다.',
    do: '그 출발지({source})로 가는 route를 추가하거나, {device}의 검사를 끄십시오.',
  },
} as const satisfies Translated<typeof english>;
