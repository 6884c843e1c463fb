/** Messages about other forms of the routing dumps: JSON, `route -n`, `ifconfig`, copied files of /proc/sys. */
import type { forms as english } from '../en/forms.js';
import type { Translated } from '../catalogue.js';

export const forms = {
  READ_JSON: {
    text: 'JSON이 아님: {text}',
    why: '목록에서 이 부분이 든 항목은 제외하고 나머지는 읽습니다.',
    do: '덤프를 다시 받아 고치지 않은 출력을 natwalk에 주십시오.',
  },
  READ_JSON_ITEM: {
    text: '목록에 속하지 않는 항목: {text}',
    why: '목록의 모든 항목에 있는 것(우선순위, 목적지, 이름)이 없습니다. 이 항목은 제외합니다.',
    do: '파일에 명령 하나의 출력이 그대로 들어 있는지 확인하십시오.',
  },
  READ_ROUTE_TABLE: {
    text: 'IPv4 main 테이블의 일부만 보여 주는 형식',
    why: '다른 테이블, 우선 출발지, 추가 nexthop, 일부 route 유형이 없습니다. 이들이 결과를 바꾸는지는 미정으로 둡니다.',
    do: '`ip route show table all`의 출력을 추가하십시오.',
  },
  READ_ROUTE_TYPE: {
    text: '여러 route 유형을 뜻하는 기호 {sign}, 여기서 본 유형: {type}',
    why: '"!"는 unreachable 또는 prohibit, "*"는 blackhole 또는 throw입니다. 이 표로는 구분할 수 없습니다.',
    do: '`ip route show table all`의 출력을 추가하십시오.',
  },
  READ_IFCONFIG: {
    text: 'ifconfig에는 링크와 주소가 일부만 나옴',
    why: '인터페이스의 추가 주소, 인덱스, master, scope가 없습니다. 다른 것이 더 있는지는 미정으로 둡니다.',
    do: '`ip addr`의 출력을 추가하십시오.',
  },
} as const satisfies Translated<typeof english>;
