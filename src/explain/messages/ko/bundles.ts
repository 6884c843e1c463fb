/** Messages about archives, encodings, texts without listings, and snapshots of several nodes. */
import type { bundles as english } from '../en/bundles.js';
import type { Translated } from '../catalogue.js';

export const bundles = {
  READ_SEVERAL_NODES: {
    text: '노드가 여럿이고 어느 것인지 분명하지 않음: {names}',
    why: '텍스트, 폴더, 아카이브에 여러 호스트, 네임스페이스, 폴더의 출력이 있고, 온전한 것이 둘 이상입니다.',
    do: 'FILE#name처럼 하나를 지정하십시오. 각각의 내용은 `natwalk nodes FILE`로 봅니다.',
  },
  READ_NO_SUCH_NODE: {
    text: '{node} 노드가 없음. 있는 것: {names}',
    why: '# 뒤의 이름은 스냅샷에 든 호스트, 네임스페이스, 폴더의 이름입니다.',
    do: '`natwalk nodes FILE`이 출력하는 이름 가운데 하나를 쓰십시오.',
  },
  READ_PROSE: {
    text: '{file}: 사람이 읽는 글이며 목록이 없음',
    why: '명령의 출력이 아니라 문장입니다. 제외합니다.',
    do: '덤프가 들어 있어야 하는 파일이 아니라면 할 일이 없습니다.',
  },
  READ_ASIDE: {
    text: '{file}: natwalk가 읽지 않는 출력 ({kind})',
    why: '노드의 설정을 알려 주지 않습니다. 제외합니다.',
    do: '덤프가 들어 있어야 하는 파일이 아니라면 할 일이 없습니다.',
  },
  READ_SHORT_LIST: {
    text: '{file}: 짧은 목록이며 natwalk가 아는 명령의 출력이 아님',
    why: '다른 프로그램의 출력처럼 줄마다 단어가 몇 개뿐입니다. 제외합니다.',
    do: '덤프가 들어 있어야 하는 파일이 아니라면 할 일이 없습니다.',
  },
  READ_UNNAMED: {
    text: '목록이 없는 파일 {count}개 더 있음',
    why: '수집 묶음에는 로그 등도 들어 있으며, 그런 파일은 처음 몇 개만 이름을 표시합니다.',
    do: '할 일이 없습니다.',
  },
  READ_MORE_FILES: {
    text: '같은 이유({code})로 제외한 파일 {count}개 더 있음',
    why: '처음 몇 개만 이름을 표시합니다.',
    do: '`natwalk explain {code}` 명령을 보십시오.',
  },
  READ_REMARK_LINE: {
    text: '목록 안에 다른 내용이 있음: {line}',
    why: '줄 사이에 문장이나 다른 출력의 일부가 있어도 목록에는 영향이 없습니다. 이 줄은 제외합니다.',
    do: '할 일이 없습니다.',
  },
  READ_UTF16_GUESSED: {
    text: '{file}: BOM이 없어 UTF-16으로 보고 읽음',
    why: 'UTF-16처럼 두 바이트마다 하나가 NUL이므로 그렇게 봅니다.',
    do: '이상하게 보이는 부분이 있으면 UTF-8로 저장하십시오.',
  },
  READ_UTF16_CUT: {
    text: '{file}: UTF-16이며 글자 중간에서 끝남',
    why: '바이트 수가 홀수입니다. 끝이 잘렸습니다.',
    do: '덤프를 다시 받아 고치지 않은 출력을 natwalk에 주십시오.',
  },
  READ_PACKING: {
    text: '{file}: natwalk가 열지 않는 압축 형식 ({packing})',
    why: 'tar, gzip, zip만 엽니다. 이 파일은 제외합니다.',
    do: 'natwalk가 여는 형식으로 바꾸십시오: {command}',
  },
  READ_ENCRYPTED: {
    text: '{file}: 아카이브 안에서 암호화되어 있음',
    why: '암호 없이는 읽을 수 없습니다. 제외합니다.',
    do: '아카이브를 풀어 그 폴더를 natwalk에 주십시오.',
  },
  READ_NAME_OUTSIDE: {
    text: '{file}: 아카이브 밖을 가리키는 이름',
    why: '수집 도구는 이런 이름을 만들지 않습니다. 아카이브가 손상되었거나 악의가 있습니다. 이 항목은 제외합니다.',
    do: '아카이브의 출처를 확인하십시오.',
  },
  READ_ARCHIVE_INSIDE: {
    text: '{file}: 아카이브 안의 아카이브라서 열지 않음',
    why: '아카이브는 한 단계만 엽니다. 노드마다 아카이브 하나를 만드는 수집 도구의 것만 더 깊이 읽습니다.',
    do: '풀어서 그 파일이나 폴더를 natwalk에 주십시오.',
  },
  READ_ARCHIVE_DAMAGED: {
    text: '{file}: 손상된 아카이브 ({reason})',
    why: '손상된 곳 앞까지는 읽습니다. 그 뒤의 내용은 알 수 없습니다.',
    do: '아카이브를 다시 복사하고 크기를 비교하십시오.',
  },
  READ_SPARSE: {
    text: '{file}: `tar -S`로 저장된 구멍 있는(sparse) 파일',
    why: '덤프에는 구멍이 없습니다. 이런 파일은 데이터베이스나 이미지입니다. 제외합니다.',
    do: '덤프가 들어 있어야 하는 파일이 아니라면 할 일이 없습니다. 덤프라면 -S 없이 묶으십시오.',
  },
  READ_ARCHIVE_MANY: {
    text: '{file}: 항목이 {most}개를 넘어, 그 가운데 {count}개는 열어 보지 않음',
    why: '그 뒤로는 이름으로 보아 덤프인 항목(iptables-save.txt, ip-rule.txt)만 읽습니다.',
    do: '네트워크 덤프가 든 부분을 풀어 그 폴더를 natwalk에 주십시오.',
  },
  READ_ARCHIVE_FULL: {
    text: '{file} 제외: 아카이브에서 앞선 텍스트가 이미 {most}바이트임',
    why: '텍스트는 메모리에 담기며, 아카이브가 메모리를 다 채우게 두지 않습니다.',
    do: '네트워크 덤프가 든 부분을 풀어 그 폴더를 natwalk에 주십시오.',
  },
  READ_ARCHIVE_MEMBERS: {
    text: '{file}: 항목이 {most}개를 넘음',
    why: '아카이브가 메모리를 다 채우지 못하도록 거기서 읽기를 멈춥니다.',
    do: '네트워크 덤프가 든 부분을 풀어 그 폴더를 natwalk에 주십시오.',
  },
  READ_ARCHIVE_TOTAL: {
    text: '{file}: 풀면 {most}바이트를 넘음',
    why: '아카이브가 natwalk를 끝없이 붙잡지 못하도록 거기서 읽기를 멈춥니다. 그 앞의 내용은 읽습니다.',
    do: '네트워크 덤프가 든 부분을 풀어 그 폴더를 natwalk에 주십시오.',
  },
  READ_ARCHIVE_RATIO: {
    text: '{file}: 풀면 크기가 {most}배를 넘음',
    why: '덤프는 그렇게까지 줄어들지 않습니다. 메모리를 채우려고 만든 파일입니다. 제외합니다.',
    do: '아카이브의 출처를 확인하고, 믿을 수 있으면 직접 푸십시오.',
  },
  NODES_NONE: {
    text: '"{path}"에 노드가 없음',
    why: '덤프로 인식된 텍스트가 하나도 없습니다.',
    do: '파일에 iptables-save, ip rule, ip route 등의 출력이 들어 있는지 확인하십시오',
  },
  NODE_TRACES: {
    text: '"{path}"에 추적한 패킷의 로그만 있고 노드의 덤프가 없음',
    why: 'TRACE 줄은 패킷 하나가 만난 규칙만 알려 줄 뿐 어떤 규칙이 있는지는 알려 주지 않습니다. 이것으로 다른 패킷을 따라갈 수는 없습니다.',
    do: 'natwalk collect | ssh root@NODE sh > node.txt 명령을 쓰거나 iptables-save, ip rule, ip route show table all, ip addr의 출력을 추가하십시오',
  },
  NODE_SEVERAL: {
    text: '"{path}"에 노드가 여럿 있음: {names}',
    why: '온전한 노드가 둘 이상이며, natwalk는 어느 것을 뜻하는지 추측하지 않습니다',
    do: 'natwalk trace {path}#{first} ...',
  },
  NODE_NOT_THERE: {
    text: '"{path}"에 {node} 노드가 없음. 있는 것: {names}',
    why: '# 뒤의 이름은 natwalk nodes가 출력하는 이름 가운데 하나입니다',
    do: 'natwalk nodes {path}',
  },
  NODES_HELD: '{kind} ({lines}줄)',
  NODES_HELD_MORE: '{kind} (목록 {listings}개, {lines}줄)',
  NODES_MAIN: '주 노드',
  NODES_LINES: '{lines}줄',
} as const satisfies Translated<typeof english>;
