/** What the targets' options may be, and what targets leave open. */
import type { target as english } from '../en/target.js';
import type { Translated } from '../catalogue.js';

export const target = {
  VAL_EMPTY: '한 글자 이상의 텍스트가 필요함',
  VAL_PORT_RANGE: '"{text}": 포트 범위가 아님. LOW-HIGH 형식, 각각 0-65535',
  VAL_NAT_ADDRESS: '"{text}": 이 주소 체계의 주소, 주소 범위, :PORT 가운데 어느 것도 아님',
  VAL_NETWORK: '"{text}": 이 주소 체계의 네트워크가 아님. ADDRESS/LENGTH 형식',
  VAL_ZONE: '"{text}": conntrack zone이 아님. 0-65535 또는 mark',
  VAL_TOS: '"{text}": TOS 값이 아님. VALUE, VALUE/MASK(각각 0-255) 또는 Minimize-Delay 같은 이름',
  VAL_DSCP_CLASS: '"{text}": DSCP 클래스가 아님. BE, EF, CS0-CS7, AF11-AF43',
  VAL_CLASS: '"{text}": 트래픽 클래스가 아님. 16진수 MAJOR:MINOR 형식',
  VAL_QUEUES: '"{text}": 큐 범위가 아님. FIRST:LAST 형식, FIRST가 LAST보다 작아야 함',
  VAL_HOST_ADDRESS: '"{text}": 이 주소 체계의 주소가 아님',
  VAL_ANY_ADDRESS: '게이트웨이에 0으로만 된 주소는 쓸 수 없음',
  VAL_TIME: '"{text}": 시간이 아님. 숫자 뒤에 s, ms, us',
  VAL_TIME_BOUNDS: '평균 시간 {average}, 간격 {interval}: 서로 맞지 않음 (최대 8s)',
  VAL_TCP_OPTIONS: '"{text}": TCP 옵션 목록이 아님 (2-255 또는 이름, 각각 한 번씩)',
  UNK_SET_CHANGED: 'SET 규칙이 이 패킷에 대해 set {set}의 내용을 바꾸었을 수 있음',
} as const satisfies Translated<typeof english>;
