/** Messages about listings (`iptables -L`): what they do not show. */
import type { listing as english } from '../en/listing.js';
import type { Translated } from '../catalogue.js';

const SAVE = '모든 것을 보여 주는 iptables-save의 출력을 추가하십시오.';

export const listing = {
  RULE_LISTING_INTERFACES: {
    text: '규칙의 인터페이스를 보여 주지 않는 목록',
    why: '-v 없는 iptables -L은 -i와 -o를 생략합니다. 모든 패킷에 적용되는 듯한 규칙이 lo 전용일 수도 있습니다.',
    do: 'iptables-save를 추가하거나, -v를 붙여 다시 출력하십시오.',
  },
  RULE_LISTING_HIDES: {
    text: '목록만으로는 뜻을 알 수 없는 부분: {text}',
    why: 'iptables -L이 여기서 무언가를 생략하거나 숫자 대신 이름을 출력합니다. 일치하는지는 알 수 없습니다.',
    do: SAVE,
  },
  RULE_LISTING_TEXT: {
    text: '규칙에서 알 수 없는 부분: {text}',
    why: 'iptables의 match나 target이 목록에 나오는 형식이 아닙니다. 판정할 수 없는 조건으로 규칙에 남겨 둡니다.',
    do: SAVE,
  },
  RULE_LISTING_LINE: {
    text: '읽지 못한 목록의 줄',
    why: '규칙으로 보이지만 열을 구분할 수 없습니다. 일치할 수도 있고 무엇이든 할 수 있는 규칙으로 남겨 둡니다.',
    do: SAVE,
  },
  RULE_LISTING_NO_CHAIN: {
    text: '위에 체인이 없는 목록의 규칙',
    why: '그 위에 있어야 할 `Chain NAME (...)` 줄이 없습니다. grep으로 잘라 낸 것으로 보입니다. 이 규칙은 제외합니다.',
    do: SAVE,
  },
  RULE_LISTING_BROKEN: {
    text: '둘로 나뉜 목록의 줄을 다시 이음',
    why: '두 줄을 합쳐야 규칙 하나가 됩니다.',
    do: '중요한 규칙이라면 노드의 규칙과 비교하십시오.',
  },
  ASM_LISTED_INTERFACES: '목록에 인터페이스가 나오지 않음. 이 규칙에는 인터페이스 조건이 없다고 봄',
  ASM_LISTED_JUMPS:
    '{table} 테이블의 목록에 인터페이스가 나오지 않음. jump 규칙에는 인터페이스 조건이 없다고 봄',
  UNK_LISTED_INTERFACES: '목록에 인터페이스가 나오지 않음. 이 규칙이 패킷의 인터페이스에도 적용됨: {answer}',
  UNK_LISTED: '목록에 나온 조건 {text} 일치: {answer}',
} as const satisfies Translated<typeof english>;
