/** Words about the entries of a conntrack dump. */
import type { conntrack as english } from '../en/conntrack.js';
import type { Translated } from '../catalogue.js';

export const conntrack = {
  READ_ENTRY_WORD: {
    text: 'conntrack 항목에 모르는 단어가 있음: {word}',
    why: '더 새로운 도구의 출력일 수 있습니다. 그 단어를 빼고 항목을 쓰며, 단어 자체는 보존합니다.',
    do: '이 줄을 확인하십시오. 도구가 출력한 그대로라면 알려 주십시오.',
  },
  READ_ENTRIES_MISSING: {
    text: '도구가 보여 준 conntrack 항목 가운데 {count}개가 여기에 없음',
    why: '필터, 페이저, 잘림 때문에 빠졌습니다. 그 연결의 패킷은 새 연결처럼 보입니다.',
    do: '`conntrack -L`의 전체 출력을 추가하십시오.',
  },
  READ_ENTRIES_DELETED: {
    text: '출력한 명령이 삭제한 conntrack 항목',
    why: '더는 테이블에 없으므로 어떤 패킷도 이 항목에 속하지 않습니다. 이 항목들은 제외합니다.',
    do: '그 뒤에 받은 `conntrack -L`의 출력을 추가하십시오.',
  },
  READ_ENTRY_DISAGREES: {
    text: '같은 conntrack 항목({entry})이 두 목록에서 서로 다름. 사용한 목록: {used}',
    why: '서로 다른 시점이나 서로 다른 노드에서 받은 목록입니다.',
    do: '알고 싶은 시점의 목록 하나만 남기십시오.',
  },

  SHOW_SUMMARY_CONNECTIONS: 'conntrack 항목: {entries}',
  ROW_CT_DUMP: '기존 연결 ({place})',
  ROW_CT_ABOUT_DUMP: '관련 항목 {place}',
  CONNTRACK: 'conntrack',
  OF_DUMP: '덤프의 항목에 속함 ({place})',
  ABOUT_DUMP: '덤프의 항목에 관한 패킷 ({place})',
  BY_DUMP: '덤프의 항목에 기록됨 ({place})',

  ASM_OFFLOAD:
    '연결이 flowtable로 오프로드되어 패킷이 규칙을 거치지 않음. 여기 나온 것은 오프로드가 없을 때의 경로',
  UNK_MAPPING_ORDER:
    '{source} 출발지의 변환이 덤프의 항목마다 다름. 커널은 가장 나중의 변환을 다시 씀. {mapped} 변환이 가장 나중이라고 봄',
  UNK_CT_CLOSED: '지금 다시 시작하는 쪽이 끝냈거나 정상 종료된 연결임 (그래서 SYN이 새 연결을 엶): {answer}',
  UNK_MASQUERADED: 'MASQUERADE된 연결임 (그래서 그때와 다른 인터페이스로는 나갈 수 없음): {answer}',
} as const satisfies Translated<typeof english>;
