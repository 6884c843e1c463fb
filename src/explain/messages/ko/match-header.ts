/** Messages of the matches on extension headers, on options of transport headers, and on what few rules ask for. */
import type { matchHeader as english } from '../en/match-header.js';
import type { Translated } from '../catalogue.js';

export const matchHeader = {
  VAL_IPV6_ONLY: '{flag}: ip6tables 전용 옵션',
  VAL_HEADER_OPTION: '"{text}": 헤더의 TYPE[:LENGTH] 옵션이 아님',
  VAL_LABEL: '"{text}": label이 아님. 0-127 또는 이름',
  VAL_BIT_RATE: '"{text}": 속도가 아님. 숫자 뒤에 bit, kbit, mbit, Bps, KBps 등',
  VAL_TRANSLATED_PREFIX: '"{text}": 호스트 비트가 없고 {max}비트 이하인 IPv6 prefix가 아님',
  VAL_CLUSTER_MAC: '"{text}": 멀티캐스트 MAC 주소가 아님 (첫 바이트가 홀수여야 함)',

  NO_HEADER: '패킷에 {name} 헤더가 없음',
  NO_HEADERS: '패킷의 헤더가 조건과 다름: {wanted}',
  NO_EUI64: '출발지가 링크의 MAC 주소로 만든 것이 아님',
  NO_MOBILITY: '모든 type을 반전(!)한 구간에 맞는 mobility 헤더는 없음',
  NO_ECN: 'ECN 비트 {has}, 조건 {wanted}',
  NO_ECN_FLAG: 'TCP 플래그 {flag}, 조건 {wanted}',
  NO_MSS: 'SYN이 아닌 세그먼트에는 MSS가 없음',
  NO_DCCP_TYPE: '모든 패킷이 이 type들에 속함',
  NO_OS: 'SYN이 아닌 세그먼트로는 운영 체제를 알 수 없음',
  NO_IPVS: '아직 IPVS가 처리하지 않은 패킷',
  NO_LABEL: '연결에 label {label} 없음',
  NO_LABEL_ABSENT: '연결에 label {label} 있음',

  UNK_BEHIND: '확장 헤더({header}번) 뒤의 프로토콜이 {protocol}인지 알 수 없음',
  UNK_HEADER: '조건에 맞는 {name} 헤더가 패킷에 있는지 알 수 없음: {wanted}',
  UNK_HEADERS: '패킷의 헤더가 {wanted}인지 알 수 없음',
  UNK_EUI64: '출발지가 프레임의 MAC 주소로 만든 것인지 알 수 없음',
  UNK_MOBILITY: 'mobility 헤더의 type이 {wanted}인지 알 수 없음',
  UNK_MSS: 'SYN의 MSS가 조건에 드는지 알 수 없음: {wanted}',
  UNK_DCCP_TYPE: 'DCCP 패킷이 다음 가운데 하나인지 알 수 없음: {wanted}',
  UNK_DCCP_OPTION: '패킷에 DCCP 옵션 {option}번이 있는지 알 수 없음',
  UNK_CGROUP: '패킷의 소켓이 속한 cgroup이 {wanted}인지 알 수 없음',
  UNK_OS: 'SYN을 보낸 운영 체제가 {wanted}인지 알 수 없음',
  UNK_IPVS: 'IPVS가 처리한 패킷인지 알 수 없음 ({wanted})',
  UNK_LABEL: '연결에 label {label} 있는지 알 수 없음',
  UNK_RATE: '속도 추정기(estimator)의 측정값을 알 수 없음 ({wanted})',
} as const satisfies Translated<typeof english>;
