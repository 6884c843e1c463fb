/** Messages of the matches that read a packet's bytes, and of some that look at its connection or the clock. */
import type { matchBytes as english } from '../en/match-bytes.js';
import type { Translated } from '../catalogue.js';

export const matchBytes = {
  VAL_U32: '"{text}": u32 식이 아님',
  VAL_BYTECODE: '"{text}": BPF 코드가 아님. LENGTH,CODE JT JF K,... 형식',
  VAL_BPF_PROGRAM:
    '커널이 거부하는 BPF 프로그램 "{text}": 알 수 없는 명령, 범위를 벗어난 점프나 메모리 워드, 쓰기 전에 읽는 메모리, 끝에 return 없음 가운데 하나',

  NO_U32: '패킷의 바이트 값 {has}, 조건 {test}',
  NO_U32_SHORT: '조건 {test}에 필요한 바이트 앞에서 패킷이 끝남',
  NO_U32_NOT: '패킷의 바이트가 식에 맞지만 조건이 반전(!)되어 있음',
  NO_CONNBYTES_FIRST: '연결을 여는 패킷: 현재 값 {has}, 조건 {wanted}',
  NO_CLUSTER_NODE: '{address}의 연결은 클러스터의 노드 {node} 담당',
  NO_REALM: 'route의 realm {has}, 조건 {wanted}',
  NO_IPSEC: 'IPsec은 lo를 지나는 패킷을 다루지 않음',
  NO_TIME: '지정된 요일과 날짜에 드는 시각이 없음',
  NO_BPF: '이 패킷에 대한 BPF 프로그램의 반환값이 0',

  UNK_U32: '패킷의 바이트가 조건에 맞는지 알 수 없음: {wanted}',
  UNK_BPF: 'BPF 프로그램이 패킷에서 알 수 없는 바이트나 상태를 참조함: 반환값을 알 수 없음',
  UNK_BPF_OBJECT: '{path}에 고정(pin)된 BPF 프로그램이 덤프에 없음: 반환값을 알 수 없음',
} as const satisfies Translated<typeof english>;
