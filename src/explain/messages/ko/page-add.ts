/** Words of rules that a reader of the page adds. */
import type { pageAdd as english } from '../en/page-add.js';
import type { Translated } from '../catalogue.js';

export const pageAdd = {
  PAGE_ADD_FORM: {
    text: '규칙을 더하거나 바꾸거나 지우는 명령이 아님',
    why: '규칙은 iptables -A나 -I, ip rule add, nft add rule, nft insert rule로 더합니다. iptables -R은 규칙을 바꾸고 -D는 지웁니다.',
    do: '한 줄에 명령 하나를 쓰십시오: iptables -t nat -I PREROUTING 1 -p tcp --dport 80 -j DNAT --to-destination 10.0.0.2',
  },
  PAGE_ADD_REFUSED: {
    text: '{tool} 명령이 거부함: {said}',
    why: '도구가 출력하는 메시지 그대로입니다.',
    do: '표시된 곳을 고치십시오.',
  },
  PAGE_ADD_CHAIN: {
    text: '{table} 테이블에 {chain} 체인이 없음',
    why: '규칙은 이미 있는 체인에 더합니다.',
    do: '비슷한 이름: {near}',
  },
  PAGE_ADD_NUMBER: {
    text: '{table} {chain}에 {text}번 자리가 없음',
    why: '새 규칙은 기존 규칙의 앞이나 마지막 규칙의 뒤에 놓입니다.',
    do: '1부터 {count}까지의 번호를 쓰십시오.',
  },
  PAGE_ADD_PLACE: {
    text: '{chain} 체인에 {text}인 규칙이 없음',
    why: '체인의 규칙은 {count}개입니다. index는 0부터 세고, handle은 nft -a로 출력한 덤프에만 있습니다.',
    do: '위치를 빼거나 바꾸십시오.',
  },
  PAGE_ADD_SET: {
    text: '{table} 테이블에 set {set} 없음',
    why: '규칙은 같은 테이블의 set만 참조합니다.',
    do: '비슷한 이름: {near}',
  },
  PAGE_ADD_TABLE: {
    text: 'nftables 테이블 {table} 없음',
    why: 'nft는 이미 있는 테이블에 규칙을 더합니다. 있는 테이블: {tables}',
    do: '그 가운데 하나를 쓰거나, iptables의 테이블이면 iptables 명령을 쓰십시오.',
  },
  PAGE_ADD_WHICH: {
    text: 'iptables-legacy와 iptables-nft에 모두 {text} 체인이 있음',
    why: '노드에 두 도구의 테이블이 다 있어서, 명령만으로는 어느 쪽인지 알 수 없습니다.',
    do: 'iptables-legacy나 iptables-nft로 쓰십시오.',
  },
} as const satisfies Translated<typeof english>;
