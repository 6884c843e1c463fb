/** Messages about reading a snapshot: what could not be read, and what it does not show. */
import type { reading as english } from '../en/reading.js';
import type { Translated } from '../catalogue.js';

const FIX = '덤프를 다시 받아 고치지 않은 출력을 natwalk에 주십시오.';
const ONE_NODE = '같은 노드, 같은 시점의 파일만 함께 두십시오.';
const ADD = '`{command}` 명령의 출력을 추가하십시오.';
const REPORT = '이 줄을 확인하십시오. 도구가 출력한 그대로라면 알려 주십시오.';

export const reading = {
  READ_NOTHING: {
    text: '{name}에서 노드의 덤프로 읽을 수 있는 것이 없음',
    why: 'natwalk에는 iptables-save, ip rule, ip route 같은 도구의 출력이 필요합니다.',
    do: '노드에서 모으십시오: iptables-save, ip rule, ip route show table all, ip addr, sysctl -a, ipset save.',
  },
  READ_EMPTY: {
    text: '{file}: 빈 파일',
    why: '빈 파일로는 노드에 해당하는 것이 없는지, 명령이 실패했는지 알 수 없습니다.',
    do: 'root로 덤프를 다시 받고, 명령이 표준 오류에 무엇을 쓰는지 보십시오.',
  },
  READ_UNRECOGNISED: {
    text: '{file}: natwalk가 아는 덤프가 아님',
    why: '내용도 이름도 아는 명령의 출력처럼 보이지 않습니다. 제외합니다.',
    do: '덤프여야 한다면 전체 출력이 들어 있는지 확인하고, 아니면 무시하십시오.',
  },
  READ_NOT_USED: {
    text: '인식했으나 쓰지 않는 출력: {kind}',
    why: 'natwalk는 같은 정보를 다른 형식에서 읽습니다. 이 텍스트에만 있는 내용은 알지 못합니다.',
    do: 'iptables-save, ip rule, ip route show table all, ip addr, ipset save, sysctl -a를 일반 텍스트로 추가하십시오.',
  },
  READ_NUL: {
    text: '{file}: NUL 바이트가 들어 있음',
    why: '텍스트 덤프에는 NUL이 없습니다. 파일이 손상되었거나 UTF-16 같은 다른 인코딩입니다.',
    do: FIX,
  },
  READ_LINE: {
    text: '읽지 못한 줄: {line}',
    why: '앞뒤 목록의 형식이 아닙니다. 이 줄은 제외합니다.',
    do: FIX,
  },
  READ_CUT: {
    text: '줄 중간에서 끝난 텍스트: {line}',
    why: '덤프가 잘렸습니다. 그 뒤의 내용은 알 수 없습니다.',
    do: FIX,
  },
  READ_UNFINISHED: {
    text: '이 줄의 줄바꿈 없이 끝난 텍스트: {line}',
    why: '줄은 제대로 읽히지만 더 길었을 수 있고, 뒤에 줄이 더 있었을 수도 있습니다.',
    do: '나머지 텍스트를 추가하십시오. 이것이 전부라면 줄바꿈으로 끝내십시오.',
  },
  READ_MORE: {
    text: '이 목록의 진단이 {most}건을 넘음. 나머지는 표시하지 않음',
    why: '진단이 이렇게 많은 목록은 겉보기와 다른 파일일 가능성이 큽니다.',
    do: FIX,
  },
  READ_NFT_STATEMENT: {
    text: 'nftables 규칙에서 모르는 부분: {text}',
    why: '더 새로운 nft의 것이거나 손상된 것일 수 있습니다. 그대로 보존하며, 여기에 달린 것은 알 수 없습니다.',
    do: '이 규칙을 만나는 답에는 가정으로 표시됩니다. 거기서 규칙 자체를 보십시오.',
  },
  READ_NFT_TABLE: {
    text: 'nftables {table} 테이블에서 읽지 못한 flag: {text}',
    why: 'natwalk가 모르는 flag이거나 nft가 잘못 출력했습니다. 테이블이 dormant인지 알 수 없습니다.',
    do: '이를 알려 주는 텍스트 형식의 목록을 추가하십시오.',
  },
  READ_NFT_ASIDE: {
    text: 'nftables {table} 테이블: 읽었지만 패킷을 통과시켜 보지는 않음',
    why: '이 family의 테이블은 라우팅되는 패킷의 hook 앞이나 옆에서, 인터페이스나 브리지의 프레임을 봅니다.',
    do: '규칙을 직접 보십시오. 그 체인의 인터페이스나 브리지를 지나는 패킷의 답에 이 테이블이 표시됩니다.',
  },
  READ_NFT_FAMILY: {
    text: 'nftables {table} 테이블: 모르는 family',
    why: '더 새로운 nft의 것일 수 있습니다. 어떤 패킷을 보는 테이블인지 알 수 없어 읽지 않습니다.',
    do: '규칙을 직접 보십시오. 모든 답에 이 테이블이 가정으로 표시됩니다.',
  },
  READ_NFT_INGRESS: {
    text: 'nftables {table} 테이블의 {chain} 체인: 읽었지만 패킷을 통과시켜 보지는 않음',
    why: '{devices}의 {hook} hook에 있으며, 라우팅되는 패킷의 hook 앞이나 뒤에서 프레임을 봅니다.',
    do: '규칙을 직접 보십시오. 그 인터페이스를 지나는 패킷의 답에 이 체인이 가정으로 표시됩니다.',
  },
  READ_NFT_ELEMENT: {
    text: 'nftables set {set}에서 읽지 못한 원소: {text}',
    why: '원소의 형식이 아닙니다. 제외하므로, set에는 natwalk가 모르는 원소가 더 있습니다.',
    do: FIX,
  },
  READ_NFT_CHAIN: {
    text: 'nftables {chain} 체인: hook 위치를 읽지 못함: {text}',
    why: 'type, hook, priority 가운데 natwalk가 모르는 것이 있습니다. 패킷이 이 체인을 만나는지 알 수 없습니다.',
    do: FIX,
  },
  READ_NFT_CUT: {
    text: '마지막 테이블이 닫히기 전에 끝난 nftables 목록: {line}',
    why: '덤프가 잘렸습니다. 그 뒤의 규칙과 원소는 알 수 없습니다.',
    do: FIX,
  },
  READ_NFT_OPEN: {
    text: '닫히지 않은 nftables 블록: {kind} {name}',
    why: '닫는 중괄호가 있어야 할 자리에서 다른 블록이 시작됩니다. 그 사이의 줄이 없습니다.',
    do: FIX,
  },
  READ_NFT_DISAGREES: {
    text: 'nftables {table} 테이블의 두 목록이 서로 다름',
    why: '서로 다른 시점에 받은 것으로 보입니다. 규칙이 더 많은 쪽을 씁니다.',
    do: '알고 싶은 시점의 목록 하나만 남기십시오.',
  },
  READ_ELIDED: {
    text: '줄이 생략된 목록 ("...")',
    why: '거기에 무엇이 있었는지 알 수 없으므로 온전한 목록으로 보지 않습니다.',
    do: FIX,
  },
  READ_TOOL_ERROR: {
    text: '도구가 알린 오류: {text}',
    why: '실패한 명령은 목록을 출력하지 않거나 일부만 출력합니다.',
    do: '노드에서 root로 명령을 다시 실행하십시오.',
  },
  READ_FAILED: {
    text: '목록을 출력하지 않은 명령: {command}',
    why: '그 아래에 있는 것은 오류이거나 그 명령의 출력이 아니므로, 노드에 대해 알려 주는 것이 없습니다.',
    do: '노드에서 root로 다시 실행하고 오류 없이 끝나는지 보십시오.',
  },
  READ_SILENCED: {
    text: '오류 출력을 숨겼고 아래에 아무것도 없는 명령: {command}',
    why: '실패했을 수 있습니다. 아래에 아무것도 없다고 해서 노드에 아무것도 없는 것은 아닙니다.',
    do: '오류를 숨기는 리다이렉션 없이 다시 실행하십시오.',
  },
  READ_REDIRECTED: {
    text: '출력이 다른 곳으로 간 명령: {command}',
    why: '아래에 아무것도 없는 것은 그 때문이지, 노드에 아무것도 없어서가 아닙니다. 노드에 대해 알려 주는 것이 없습니다.',
    do: '출력이 간 파일을 추가하거나, 리다이렉션이나 페이저 없이 명령을 실행하십시오.',
  },
  READ_SHOWS_NOTHING: {
    text: '아래에 아무 출력도 없는 명령: {command}',
    why: '모든 네트워크 네임스페이스에는 이런 것이 있으므로, 출력이 생략되었거나 사라진 것입니다.',
    do: FIX,
  },
  READ_SETTING_DISAGREES: {
    text: '{name}: 여기서는 {other}, {used}에서는 {value}. 후자를 사용함',
    why: '어느 파일이 나중의 것인지 알 수 없어, 설정이 가장 많은 쪽을 씁니다.',
    do: '알고 싶은 시점이 아닌 파일을 빼십시오.',
  },
  READ_VALUES_ALONE: {
    text: '이름 없이 값만 있음: {names}',
    why: '셸이 패턴을 여러 이름으로 펼쳤습니다. 어느 값이 어느 설정의 것인지 나오지 않아 제외합니다.',
    do: 'sysctl -a를 쓰거나, 이름도 출력하도록 같은 패턴에 grep . 명령을 쓰십시오.',
  },
  READ_SETTING_LATER: {
    text: '{name}: 여기서는 {other}, 뒤에서는 {value}. 후자를 사용함',
    why: '한 텍스트에서 뒤에 있는 것이 나중의 값입니다.',
    do: '나중의 상태를 알고 싶다면 할 일이 없습니다. 아니라면 이 목록 뒤의 내용을 빼십시오.',
  },
  READ_FILTERED: {
    text: '필터링된 목록: {command}',
    why: '필터가 빼 버린 줄을 알 수 없으므로 온전한 목록으로 보지 않습니다.',
    do: 'grep, head, 선택 조건 없이 명령을 실행하십시오.',
  },
  READ_EMPTY_SAVE: {
    text: '{file}: 빈 파일',
    why: '테이블이 없으면 iptables-save는 아무것도 출력하지 않습니다. 명령이 실패해도 빈 파일이 남습니다.',
    do: 'root로 명령을 다시 실행하고 오류 없이 끝나는지 보십시오.',
  },
  READ_CHANGED_AFTER: {
    text: '목록({listing})을 받은 뒤 노드를 바꾼 명령: {command}',
    why: '그 결과를 보여 주는 목록이 뒤에 없으므로, 답은 바뀌기 전의 것입니다.',
    do: '목록을 출력한 명령을 다시 실행해, 그 출력을 변경 뒤에 두십시오.',
  },
  READ_OUTDATED: {
    text: '이 목록 뒤에 노드가 바뀌어 나중의 목록을 씀 ({listing})',
    why: '둘 사이에 노드를 바꾸는 명령이 있습니다. 테이블이나 set 하나만 바꾸는 명령이라면 나머지는 그대로 씁니다.',
    do: '나중의 상태를 알고 싶다면 할 일이 없습니다. 아니라면 이 목록 뒤의 내용을 빼십시오.',
  },
  READ_VALUE: {
    text: '{word}: 쓸 수 없는 값 {value}',
    why: '이 값 없이는 줄을 읽을 수 없어 제외합니다.',
    do: FIX,
  },
  READ_VALUE_MISSING: {
    text: '{word}: 값 누락',
    why: '줄이 너무 일찍 끝나 제외합니다.',
    do: FIX,
  },
  READ_WORD: {
    text: '여기서 모르는 단어: {word}',
    why: '줄의 뜻을 바꿀 수 있으므로 이 줄은 제외합니다.',
    do: REPORT,
  },
  READ_RULE_WORD: {
    text: 'policy rule에서 모르는 단어: {word}',
    why: '더 새로운 도구의 조건일 수 있습니다. 이 policy rule이 성립하는지는 미정으로 둡니다.',
    do: REPORT,
  },
  READ_PRIORITY: {
    text: '범위를 벗어난 우선순위: {value}',
    why: 'policy rule의 우선순위는 0-4294967295입니다. 이 줄은 제외합니다.',
    do: FIX,
  },
  READ_RULE_NO_ACTION: {
    text: '동작이 없는 policy rule ({priority})',
    why: '모든 policy rule에는 테이블이나 다른 동작이 있습니다. 잘린 줄로 보고 제외합니다.',
    do: FIX,
  },
  READ_RULE_ORDER: {
    text: '우선순위 순서가 아닌 policy rule 목록 ({priority}에서)',
    why: '커널은 순서대로 출력하므로, 정렬했거나 이어 붙인 줄입니다. natwalk가 우선순위대로 정렬합니다.',
    do: '목록이 한 노드의 것이고 빠진 것이 없는지 확인하십시오.',
  },
  READ_RULES_DISAGREE: {
    text: '사용한 목록({used})과 다른 policy rule 목록',
    why: '{used}의 목록을 쓰는 까닭: {reason}. 노드에는 주소 체계마다 목록이 하나입니다. 두 노드 또는 두 시점의 것입니다.',
    do: ONE_NODE,
  },
  READ_OTHER_FAMILY: {
    text: 'IPv{family}의 것이 아닌 주소가 있는 줄',
    why: 'policy rule 목록도, route의 주소들도 주소 체계는 하나입니다. 이 줄은 제외합니다.',
    do: '주소 체계마다 출력을 따로 파일로 주십시오.',
  },
  READ_ROUTES_DISAGREE: {
    text: '{table} 테이블: 사용한 목록({used})과 다름',
    why: '{used}의 목록을 쓰는 까닭: {reason}. 노드에는 그 이름의 테이블이 하나입니다. 두 노드 또는 두 시점의 것입니다.',
    do: ONE_NODE,
  },
  READ_LINKS_DISAGREE: {
    text: '{used}에 맞지 않아 제외한 링크 목록 ({name}에서)',
    why: '다른 링크나 주소가 있으므로 다른 노드, 파드, 또는 다른 시점의 것입니다.',
    do: ONE_NODE,
  },
  READ_SECOND_NODE: {
    text: '여기서 두 번째 링크 목록이 시작됨({name}에서). 제외함',
    why: '인덱스나 이름이 두 번 나오므로, 다른 노드이거나 같은 명령을 다시 실행한 것입니다.',
    do: '노드마다 폴더를 따로 쓰십시오.',
  },
  READ_OTHER_NODE: {
    text: '다른 곳({place})에서 출력되어 제외함',
    why: '스냅샷에 호스트, 네트워크 네임스페이스, 폴더가 여럿입니다. natwalk는 가장 많이 담은 것을 읽습니다.',
    do: '이것에 대해서는 FILE#{place} 형식으로 물으십시오. 전체 목록은 `natwalk nodes FILE`로 봅니다.',
  },
  READ_NO_NODE: {
    text: '어느 노드의 것인지 알 수 없어 제외함 ({listing})',
    why: '스냅샷에 여러 노드({names})가 있고, 각각 같은 것을 스스로 보여 줍니다.',
    do: '이 파일만 따로 묻거나, 같은 노드의 다른 파일과 한 폴더에 두십시오.',
  },
  READ_NO_LINK: {
    text: '위에 링크가 없는 주소',
    why: '링크의 줄이 없으면 누구의 주소인지 알 수 없습니다. 제외합니다.',
    do: FIX,
  },
  READ_SET_TWICE: {
    text: '두 번째로 생성된 set: {name}',
    why: '노드에는 한 이름의 set이 하나입니다. 먼저 나온 것을 씁니다.',
    do: '한 노드의 파일만 함께 두십시오.',
  },
  READ_SET_MISSING: {
    text: '위에서 생성되지 않은 set {name}의 항목',
    why: '덤프의 앞부분이 없습니다. 이 항목은 제외합니다.',
    do: FIX,
  },
  READ_SET_PARTIAL: {
    text: 'set {name}: 원소 {count}개 가운데 목록에는 {shown}개만 나옴',
    why: '헤더만 출력했거나 필터를 거친 목록에는 빠진 원소가 있습니다. 그러면 set에 패킷이 들어 있는지는 미정입니다.',
    do: '`ipset save`를 추가하십시오.',
  },
  READ_SET_DISAGREES: {
    text: 'set {name}: 두 덤프가 서로 다름. 항목이 더 많은 쪽을 사용함',
    why: '두 노드 또는 두 시점의 것입니다.',
    do: ONE_NODE,
  },
  READ_BINARY: {
    text: '{file}: 텍스트 파일이 아님',
    why: '프로그램이나 이미지로 보입니다. 제외합니다.',
    do: '덤프가 들어 있어야 하는 파일이 아니라면 무시하십시오.',
  },
  READ_TOO_LARGE: {
    text: '{file}: {most}바이트보다 큼',
    why: 'natwalk는 이 크기의 파일을 받지 않습니다. 제외합니다.',
    do: '덤프만 natwalk에 주십시오.',
  },
  READ_TOO_MANY: {
    text: '{file}: 파일이 {most}개를 넘음',
    why: '처음 것들만 읽습니다.',
    do: '덤프가 든 폴더를 지정하십시오.',
  },
  READ_LINK_OUTSIDE: {
    text: '{file}: 스냅샷 밖을 가리키는 링크',
    why: '스냅샷 때문에 natwalk가 이 컴퓨터의 다른 파일을 읽어서는 안 됩니다. 제외합니다.',
    do: '링크 대신 파일 자체를 두십시오.',
  },
  READ_NOT_A_FILE: {
    text: '{file}: 일반 파일이 아님',
    why: '장치와 파이프는 읽지 않습니다.',
    do: '내용을 파일로 복사하십시오.',
  },
  READ_UNREADABLE: {
    text: '{file}: 읽을 수 없음 ({reason})',
    why: '시스템이 열기를 거부했습니다. 제외합니다.',
    do: '경로와 권한을 확인하십시오.',
  },
  NODE_MISSING_RULES: {
    text: 'IPv{family} policy rule 목록 없음',
    why: '목록이 없으면 새 네임스페이스의 policy rule을 가정하며, 모든 route 결정이 그 가정에 근거합니다.',
    do: ADD,
  },
  NODE_RULES_NO_MAIN: {
    text: 'main이나 default 테이블을 조회하는 IPv{family} policy rule 없음',
    why: '커널이 스스로 만드는 policy rule입니다. 누군가 지웠거나 목록이 잘렸습니다.',
    do: '다음 명령의 전체 출력과 비교하십시오: {command}',
  },
  NODE_PARTIAL_RULES: {
    text: 'IPv{family} policy rule 목록이 온전하지 않음',
    why: '나온 것은 그대로 씁니다. 다른 우선순위에는 새 네임스페이스의 policy rule을 가정하며, 모든 route 결정이 그 가정에 근거합니다.',
    do: '`{command}` 명령의 전체 출력을 추가하십시오.',
  },
  NODE_MISSING_ROUTES: {
    text: 'IPv{family} main 라우팅 테이블의 온전한 목록 없음',
    why: '이것 없이는 패킷이 어디로 나가는지 알 수 없습니다.',
    do: ADD,
  },
  NODE_MISSING_TABLE: {
    text: 'policy rule이 조회하는 IPv{family} {table} 테이블의 목록 없음',
    why: '그 테이블에 이르는 모든 패킷에서 그 내용은 미정입니다.',
    do: ADD,
  },
  NODE_MISSING_ADDRESSES: {
    text: 'IPv{family} 주소 없음',
    why: '어느 주소가 노드 자신의 것인지에 따라 전달(deliver)과 포워딩이 갈립니다.',
    do: ADD,
  },
  NODE_DERIVED_ADDRESSES: {
    text: 'IPv{family} 주소 목록이 없어 route에서 가져옴',
    why: 'local 테이블에 모든 주소가 있지만 순서, flag, label은 없습니다.',
    do: ADD,
  },
  NODE_DERIVED_LOCAL: {
    text: 'IPv{family} local 테이블이 없어 주소로 만듦',
    why: '커널도 그렇게 만들지만, 규칙이나 도구가 바꾸었을 수 있습니다.',
    do: ADD,
  },
  NODE_MISSING_SYSCTL: {
    text: 'sysctl 설정 없음',
    why: '포워딩과 rp_filter 등이 여기에 달려 있습니다. 결과를 좌우하는 설정은 저마다 가정이 됩니다.',
    do: ADD,
  },
  NODE_MISSING_TABLES: {
    text: 'IPv{family} iptables 테이블 목록 없음: {tables}',
    why: '규칙을 알 수 없으므로, 모든 결과에서 그 테이블이 패킷을 바꾸지 않고 통과시킨다고 가정합니다.',
    do: ADD,
  },
  NODE_MISSING_NFT: {
    text: '독자적인 nftables 테이블은 답에 없음: 보여 주는 덤프가 없음',
    why: '여기의 iptables는 nftables 방식이며, 그 save에는 다른 프로그램이 만든 테이블(1.23 이후의 AWS VPC CNI, nftables 모드의 kube-proxy, firewalld)이 나오지 않습니다. 모든 답은 그런 테이블이 없다고 봅니다. 실제로 있으면 패킷을 버리거나, mark를 남기거나, 주소를 변환할 수 있습니다.',
    do: ADD,
  },
  NODE_MISSING_SETS: {
    text: '규칙이 IP set을 검사하지만 set의 덤프가 없음',
    why: '패킷이 set에 있는지가 미정으로 남습니다.',
    do: ADD,
  },
} as const satisfies Translated<typeof english>;
