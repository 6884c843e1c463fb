/** Native nftables: why a rule did not match (NO_NFT…), what is left open (UNK_NFT…), what is taken for true (ASM_NFT…). */
import type { nft as english } from '../en/nft.js';
import type { Translated } from '../catalogue.js';

export const nft = {
  NO_NFT: '{what} 값 {has}, 조건 {wanted}',
  NO_NFT_ABSENT: '패킷에 {what} 없음',
  NO_NFT_BREAK: '{statement}: 이 패킷에서 얻을 값이 없음',

  UNK_NFT_VALUE: '{what} 값이 {wanted}인지 알 수 없음',
  UNK_NFT_BITS: '{what}의 비트 {bits} 알 수 없음: {wanted}인지 미정',
  UNK_NFT_DRAWN: '지금까지 센 값을 알 수 없음: {wanted}인지 미정',
  UNK_NFT_COMPARE: '조건 "{text}": 성립하는지 알 수 없음',
  UNK_NFT_SET: '패킷의 알 수 없는 값이 set {set}에 있는지 미정',
  UNK_NFT_SET_ELEMENT: 'set {set}에 읽지 못한 원소가 있음',
  UNK_NFT_SET_CHANGED: '이 경로의 규칙이 set {set}의 내용을 바꾸었을 수 있음',
  UNK_NFT_SET_FULL: 'set {set}에 원소를 더 넣을 자리가 있는지 알 수 없음',
  UNK_NFT_METER: 'set {set}의 원소가 아직 한도 안에 있는지 알 수 없음',
  UNK_NFT_MAP: '패킷에 대한 map {map}의 값을 알 수 없음. 가정한 값 {answer}',
  UNK_NFT_QUOTA: 'quota {quota} 가운데 남은 양을 알 수 없음',
  UNK_NFT_CT_COUNT: '연결이 {count}개를 넘는지 알 수 없음',
  UNK_NFT_OBJECT: '{type} {name}: 패킷을 통과시키는지 알 수 없음',
  UNK_NFT_XT: 'iptables match {name}: 비교하는 내용이 목록에 없음',
  UNK_NFT_FIB: 'route의 출구가 {device}인지 알 수 없음',
  UNK_NFT_HELPER: '어느 helper가 연결을 예상했는지 알 수 없음 (조건 {wanted})',

  ASM_NFT_FLOWTABLE:
    '연결이 아직 flowtable {table}에 없음. 들어간 뒤로는 패킷이 ingress 다음의 hook을 거치지 않음',
  ASM_NFT_DISPUTED: '{table} 테이블의 두 목록이 서로 다름. 더 많이 보여 주는 쪽을 커널의 것으로 봄',
  ASM_NFT_HEADER: '{field}에 알 수 없는 값이 들어감: 이전 값으로 계속함',
} as const satisfies Translated<typeof english>;
