/** Words of `natwalk why`: what became of one rule, and references that name nothing. */
import type { why as english } from '../en/why.js';
import type { Translated } from '../catalogue.js';

const FORMS =
  'TABLE/CHAIN:N (nat/POSTROUTING:1), CHAIN:N, FAMILY TABLE CHAIN:N (ip aws-cni snat-mark:1), rule/PRIORITY (rule/1024) 가운데 하나로 쓰십시오.';

export const why = {
  // Heads
  WHY_MATCHED: '일치',
  WHY_MISSED: '불일치',
  WHY_UNREACHED: '도달하지 않음',
  WHY_DECIDED: '이 규칙이 결정',
  WHY_PASSED: '일치했으나 조회는 계속됨',
  WHY_AT: '{rule}, 위치 {hook}',
  WHY_LOOKUP_INPUT: '{rule}, 패킷이 들어왔을 때',
  WHY_LOOKUP_OUTPUT: '{rule}, 패킷을 보낼 때',
  WHY_LOOKUP_REROUTE: '{rule}, OUTPUT에서 패킷이 바뀐 뒤',
  WHY_OUTCOMES: '결과 {outcomes}에서',
  WHY_OUTCOME: '결과 {outcomes}에서',
  WHY_IN_REPLY: '응답, 결과 {outcomes}에서',
  WHY_REPLY: '응답',

  // Conditions
  WHY_WANTED: '조건 {field} {wanted}, 패킷은 {has}',
  WHY_WANTED_NOT: '조건 {field} ! {wanted}, 패킷은 {has}',
  WHY_WANTED_WITHIN: '조건 {field} {wanted} 안, 패킷은 {has}',
  WHY_WANTED_OUTSIDE: '조건 {field} {wanted} 밖, 패킷은 {has}',
  WHY_PACKET: '그때의 패킷',
  WHY_CT_OFF: '꺼짐(필요로 하는 규칙 없음): ct state를 검사하면 INVALID',
  WHY_CT_BEFORE: '이 규칙보다 나중에 처리: 여기서 ct state는 INVALID',
  WHY_CONDITION: '조건 {number}',
  WHY_YES: '맞음',
  WHY_NO: '맞지 않음',
  WHY_NOT_TESTED: '검사하지 않음',
  WHY_OPEN: '미정: {question}',
  WHY_TAKEN_YES: '맞는 것으로 봄: {question}',
  WHY_TAKEN_NO: '맞지 않는 것으로 봄: {question}',
  WHY_NO_CONDITIONS: '조건 없음: 모든 패킷이 일치',
  WHY_DID: '한 일',
  WHY_OWNER: '규칙의 주인',

  // Why the walk did not come to it
  WHY_ENDED: '이 규칙 전에 체인이 끝남',
  WHY_ENDED_BY: '{rule}에서 체인이 끝남: {did}',
  WHY_ENDED_BELOW: '{rule}에서 {chain} 체인에 들어가고, {decided}에서 끝남: {did}',
  WHY_GONE: '{rule}에서 {chain} 체인에 들어가고 돌아오지 않음',
  WHY_BY: '이유',
  WHY_LEAD: '그곳으로 가는 길',
  WHY_LEAD_DIRECT: '{rule}: 이 체인으로 감',
  WHY_LEAD_THROUGH: '{rule}: {chains} 체인을 거쳐 이 체인으로 감',
  WHY_LEAD_MISSED: '{lead}, 불일치',
  WHY_LEAD_CUT: '{lead}, 도달하지 않음: {cut}',
  WHY_LEAD_ELSEWHERE: '{lead} (다른 패킷의 경우). 이 패킷은 {chain} 체인으로 감',
  WHY_LEAD_ON: '{rule} 일치, 패킷은 계속 진행',
  WHY_HOOK: '패킷이 {table} {chain}에 오지 않음: {end}',
  WHY_HOOK_SKIPPED: '{chain}에서 nat 테이블을 거치지 않음: {reason}',
  WHY_NO_JUMP: '{table} {chain}에 들어가는 규칙이 없음',
  WHY_MORE_LEADS: '그곳으로 가는 jump가 {count}개 더 있으나 모두 선택되지 않음',
  WHY_NO_LOOKUP: '이 경로에는 라우팅 결정이 없음',
  WHY_POLICY_EARLIER: '{rule}에서 이미 결정됨',
  WHY_POLICY_MERGED: 'local 테이블과 main 테이블을 하나로 조회함: policy rule이 추가된 적이 없음',

  // Who keeps a rule
  OWNER: '주인',
  OWNER_NONE: '주인 없음, 여기를 보십시오',

  // References that name nothing
  USAGE_RULE_FORM: {
    text: '"{text}": 규칙의 이름이 아님',
    why: '규칙은 테이블, 체인, 그리고 체인 안의 번호(1부터)로 가리킵니다.',
    do: FORMS,
  },
  USAGE_RULE_TABLE: {
    text: '"{text}": {table} 테이블이 없음',
    why: '이 주소 체계의 패킷이 이 노드에서 거치는 테이블 가운데 그런 것이 없습니다.',
    do: '다음 테이블이 있습니다: {near}',
  },
  USAGE_RULE_CHAIN: {
    text: '"{text}": {chain} 체인이 없음',
    why: '이 주소 체계의 패킷이 거치는 체인 가운데 그런 것이 없습니다. 찾아본 곳: {table}',
    do: '다음 가운데 하나인지 확인하십시오: {near}',
  },
  USAGE_RULE_NUMBER: {
    text: '"{text}": {table} {chain}의 규칙은 {count}개',
    why: '규칙의 번호는 체인 안에서 1부터 셉니다.',
    do: 'natwalk show NODE로 각 체인의 규칙을 차례로 볼 수 있습니다.',
  },
  USAGE_RULE_AMBIGUOUS: {
    text: '"{text}": 여러 규칙이 이에 해당함',
    why: '그런 이름의 체인이 여러 테이블에 있습니다.',
    do: '테이블도 쓰십시오: {tables}',
  },
  USAGE_RULE_PRIORITY: {
    text: '"{text}": policy rule의 이름이 아님',
    why: 'policy rule은 우선순위로 가리킵니다. 예: rule/1024, 여러 개 가운데 둘째는 rule/512:2 형식입니다.',
    do: '다음 우선순위가 있습니다: {priorities}',
  },
  USAGE_RULE_NO_POLICY: {
    text: '"{text}": IPv{family}에 그런 policy rule이 없음',
    why: 'policy rule은 ip rule의 각 줄이며, 맨 앞에 우선순위가 있습니다.',
    do: '다음이 있습니다: {priorities}',
  },
} as const satisfies Translated<typeof english>;
