/** Words of `--assume`, `--pick`, `--seed`, `--without`, `--with` and `--set`, of counterfactuals, and of `--flow`. */
import type { changes as english } from '../en/changes.js';
import type { Translated } from '../catalogue.js';

export const changes = {
  // What the user has settled
  SETTLED_BY: '{text} ({by}에서 지정)',
  SETTLED_SEED: '확률로 갈리는 길을 seed {seed}에서 뽑음. NAT가 고르는 범위는 그대로 둠',
  SETTLED_PICK: '엔드포인트는 {endpoint}',
  SETTLE_NOT_OPEN: {
    text: '--assume {rule}={answer}: 정할 것이 없음. 이 경로에서 {rule}의 일치 여부는 미정이 아님',
    why: '그 규칙의 일치 여부가 패킷과 스냅샷으로 정해지거나, 패킷이 그 규칙에 오지 않습니다.',
    do: 'natwalk why NODE ... {rule} 명령에서 그 규칙이 어떻게 되었는지 볼 수 있습니다.',
  },
  SETTLE_CONTRADICTION: {
    text: '--assume에 준 답이 서로 어긋남',
    why: '두 규칙이 같은 사실을 묻는데, 그 사실이 맞으면서 맞지 않을 수는 없습니다. 아무것도 가정하지 않은 경로를 보여 줍니다.',
    do: '가정 하나를 빼십시오.',
  },
  SETTLE_NO_ENDPOINT: {
    text: '--pick {endpoint}: 어떤 결과에서도 패킷이 그 엔드포인트로 가지 않음',
    why: '이 패킷이 갈 수 있는 엔드포인트는 다음과 같습니다: {endpoints}',
    do: '그 가운데 하나를 고르십시오.',
  },
  SETTLE_NO_ENDPOINTS: {
    text: '--pick {endpoint}: 고를 엔드포인트 없음, 어떤 결과에서도 목적지가 변환되지 않음',
    why: '이 패킷과 일치하는 규칙 가운데 엔드포인트로 보내는 것이 없습니다.',
    do: '규칙에서 엔드포인트가 뽑히는 주소, 예를 들어 서비스의 주소로 물으십시오.',
  },
  USAGE_ASSUME: {
    text: '{option}: "{text}" 형식이 RULE=yes 또는 RULE=no가 아님',
    why: '일치 여부가 미정인 netfilter 규칙은 yes나 no로, target을 알 수 없는 규칙은 accept, drop, continue로 정합니다.',
    do: '{option} nat/CUSTOM:3=no 형식으로 쓰십시오.',
  },
  USAGE_ASSUME_NODE: {
    text: '{option}: "{text}" 앞에 클러스터의 노드가 없음',
    why: '클러스터의 노드: {nodes}',
    do: '{option} {node}:nat/CUSTOM:3=no 와 같이 씁니다',
  },
  USAGE_SET: {
    text: '{option}: "{text}" 형식이 sysctl.NAME=VALUE가 아님',
    why: '바꿀 수 있는 것은 sysctl입니다.',
    do: '{option} sysctl.net.ipv4.conf.ens5.rp_filter=1 형식으로 쓰십시오.',
  },
  USAGE_SYSCTL: {
    text: '{option}: sysctl "{name}"에 달린 경로가 없음',
    why: 'natwalk가 읽는 sysctl이 아니거나, 노드에 그런 인터페이스가 없습니다.',
    do: '다음 가운데 하나인지 확인하십시오: {near}',
  },
  USAGE_WITH: {
    text: '{option}: "{text}" 형식이 NODE:RULE이 아님',
    why: '다른 노드의 규칙은 그 노드(폴더, 아카이브, 파일), 콜론, 규칙의 차례로 가리킵니다.',
    do: '{option} ../good:nat/PREROUTING:2 형식으로 쓰십시오. 다른 자리에 넣으려면 @ 뒤에 자리를 씁니다: @4, @PREROUTING:4',
  },
  USAGE_WITH_PLACE: {
    text: '"{text}": 규칙의 자리가 아님',
    why: '@ 뒤에는 규칙이 가질 번호를 씁니다. 체인은 써도 되고 빼도 됩니다.',
    do: '@2, @PREROUTING:2, @nat/PREROUTING:2 가운데 한 형식으로 쓰십시오.',
  },
  USAGE_WITH_PRIORITY: {
    text: '"{text}": policy rule의 우선순위가 아님',
    why: '@ 뒤에는 policy rule이 가질 우선순위를 씁니다.',
    do: '0부터 4294967295까지의 수를 쓰십시오: @1024',
  },
  USAGE_WITH_NUMBER: {
    text: '"{text}": {table} {chain}에 넣는 규칙의 번호는 1부터 {count}까지',
    why: '규칙은 체인의 어느 규칙 앞이나 맨 뒤에 들어갑니다.',
    do: '자리를 빼면 다른 노드에서와 같은 자리에 들어갑니다.',
  },
  USAGE_WITH_TABLE: {
    text: '{table} 테이블의 규칙을 {text} 테이블에 넣을 수 없음',
    why: '규칙이 무엇을 묻고 할 수 있는지는 테이블에 달려 있습니다.',
    do: '{table} 테이블의 체인을 쓰십시오.',
  },
  USAGE_WITH_NO_TABLE: {
    text: '따라가는 노드에 {table} 테이블이 없음',
    why: 'nftables의 규칙은 같은 이름의 테이블에 들어갑니다. 이 노드에 있는 테이블: {tables}',
    do: '그 테이블 가운데 하나의 규칙을 쓰십시오.',
  },
  USAGE_WITH_CHAIN: {
    text: '따라가는 노드의 {table} 테이블에 {chain} 체인이 없음',
    why: '그 규칙은 다른 노드의 {from} 체인에 있으며, 이 노드에는 그런 체인으로 가는 규칙이 없습니다.',
    do: '{from} 체인으로 jump하는 규칙을 쓰면 체인도 함께 옵니다. 또는 자리를 쓰십시오: @PREROUTING:1. 비슷한 이름: {near}',
  },
  WITH_TWICE: {
    text: '--with: 같은 규칙이 이미 있음: {rule}',
    why: '따라가는 노드의 그 자리에 같은 규칙이 있습니다. 이제 그 규칙이 두 번 있습니다.',
    do: 'natwalk diff A B 명령에서 서로 다른 규칙을 볼 수 있습니다.',
  },
  USAGE_TOGETHER: {
    text: '{option}: {other}, 이 둘은 함께 쓸 수 없음',
    why: '둘은 서로 다른 것을 묻습니다.',
    do: '하나를 빼십시오.',
  },

  // A changed node beside the unchanged one
  CHANGED_HEAD: '{change}: {differences}',
  CHANGED_NOTHING: '{change}: 달라지는 것 없음',
  CHANGED_WITHOUT: '없다면: {what}',
  CHANGED_WITH: '바꾸면: {what}',
  CHANGED_WITH_RULE: '있다면: {what}',
  CHANGED_INSERTED: '{of}의 {rule}({place})',
  CHANGED_INSERTED_WAS: '{rule}({of}의 규칙 {was}, {place})',
  CHANGED_INSERTED_CHAINS: '{inserted} 및 그 체인 {chains}',
  CHANGED_INSERTED_POLICY: '{of}의 {rule}({selector} -> {action})',
  CHANGED_INSERTED_POLICY_WAS: '{rule}({of}의 {was}, {selector} -> {action})',
  CHANGED_POLICY_RULES: '{rule} ({count}개)',
  CHANGED_FIELD: '{field} {from} -> {to}',
  CHANGED_ANSWER: '응답은 {differences}',
  CHANGED_NONE: '없음',
  CHANGED_verdict: '결과',
  CHANGED_egress: '출구',
  CHANGED_via: 'via',
  CHANGED_source: '출발지',
  CHANGED_destination: '목적지',
  CHANGED_mark: 'mark',
  CHANGED_reason: '이유',
  CHANGED_ways: '결과들의 조합 또는 확률',

  // Told with an answer
  WITHOUT_THE_MARK: 'mark {mark}: 없으면 {way}',
  WITHOUT_THE_RULE: '이 규칙이 없으면 {way}',
  WAY_RULE: '규칙 {priority} -> {device}',
  WAY_END: '{word} {rest}',
  WOULD_PASS: '통과하려면',
  PASSES_WITHOUT: '{rules}: 없애면',
  PASSES_SELECTING: '{rule}: 이 패킷에 일치하면',
  PASSES_POLICY: '{table} {chain} 체인의 policy가 ACCEPT이면',
  PASSES_SYSCTL: '{settings}이면',
  PASSES_TTL: 'TTL이 {ttl} 이상이면',
  PASSES_ALL: '{first}, 그리고 {second}',
  PASSES_THEN: '{remedy} 통과함. {end}',
  PASSES_NOT_THEN: '{remedy} 다음과 같음. {end}',
  SETTING: '설정',
  SETTING_UNSEEN: '{name}: 스냅샷에 없음',
  OTHERWISE: '다르다면',
  MISSING: '없는 것',
  MISSING_ROUTE: '목적지 {to}의 route. 조회한 테이블({tables})에 없음',
  AND: '{first}, {second}',

  // A connection, packet by packet
  FLOW_HEAD: '연결의 패킷을 차례로',
  FLOW_OF_OUTCOME:
    '결과 {count}가지 가운데 {number}번을 따라갑니다. --pick 또는 --seed로 다른 결과를 고릅니다.',
  FLOW_STOPS: '다음 패킷 없음: 이 패킷이 통과하지 못함.',
  FLOW_DRAWN: '패킷 2부터는 커널이 고르는 포트를 가장 낮은 {port}번으로 봅니다.',
  FLOW_NO_NAT: '패킷 {packets}: nat 테이블을 거치지 않음. 첫 패킷에서 정해진 것을 conntrack이 기억함.',
  FLOW_NO_NAT_ONE: '패킷 {packets}: nat 테이블을 거치지 않음. 첫 패킷에서 정해진 것을 conntrack이 기억함.',
  FLOW_ALL_NAT: '모든 패킷이 nat 테이블을 거침: conntrack이 추적하지 않는 패킷들.',
  FLOW_NAT_NONE: 'nat 테이블을 거친 패킷 없음.',
  FLOW_NAT_SAW: 'nat 테이블: {chains}',
  FLOW_NAT_UNSEEN: 'nat 테이블: 거치지 않음',
  FLOW_STATE: 'ct {state}',
  FLOW_REQUEST: '요청',
  FLOW_ANSWER: '응답',
  FLOW_SECOND: '두 번째 요청',
  FLOW_DATA: '데이터',
} as const satisfies Translated<typeof english>;
