/** Messages about iptables rules: what could not be read, and what the kernel would not have taken. */
import type { rules as english } from '../en/rules.js';
import type { Translated } from '../catalogue.js';

const AS_UNKNOWN = '규칙은 제자리에 두지만, 이 규칙을 만나는 모든 결과에서 일치하는지는 미정입니다.';
const FRESH = 'root로 iptables-save를 다시 실행해, 고치지 않은 출력을 natwalk에 주십시오.';
const CHECK = '규칙을 노드에서 `iptables -S`가 출력하는 것과 비교하십시오.';

export const rules = {
  RULE_UNKNOWN_TABLE: {
    text: 'iptables에 없는 테이블: {name}',
    why: '테이블은 raw, mangle, nat, filter, security입니다. 이 블록의 내용은 제외합니다.',
    do: FRESH,
  },
  RULE_NO_COMMIT: {
    text: 'COMMIT으로 끝나지 않는 {table} 테이블',
    why: '덤프가 잘렸습니다. 끝부분의 규칙은 물론 그 뒤의 테이블도 빠졌을 수 있습니다.',
    do: FRESH,
  },
  RULE_LEGACY_TABLES: {
    text: '노드에 legacy 테이블도 있음',
    why: 'iptables-nft가 자기 테이블 외에 iptables-legacy의 테이블을 보았습니다. 커널은 둘 다 실행하지만 이 덤프에는 하나만 있습니다.',
    do: 'iptables-legacy-save와 ip6tables-legacy-save의 출력을 추가하거나, 노드에서 그 테이블을 비우십시오.',
  },
  RULE_TWO_BACKENDS: {
    text: 'iptables-legacy와 iptables-nft의 규칙이 함께 있음',
    why: '커널은 두 규칙 집합을 차례로 모두 실행하며, natwalk도 그렇게 합니다.',
    do: '다른 쪽을 아직 쓰는 프로그램을 찾고, 그 테이블을 비우십시오.',
  },
  RULE_HIDES: {
    text: '{table} {chain} 규칙 {number}: save보다 nft 목록에 더 많은 내용이 있음: {text}',
    why: 'iptables가 아닌 프로그램이 체인을 바꾸었거나, 두 덤프의 시점이 다릅니다. iptables-save는 해당하는 match가 없는 내용을 생략합니다.',
    do: '이 규칙을 만나는 답에서는 save에 없는 조건이 미정입니다. nft 목록을 믿으십시오.',
  },
  RULE_LISTING_DISAGREES: {
    text: '{table} 테이블 {chain} 체인: 여기는 규칙 {saved}개, nft 목록은 {listed}개. 이렇게 다른 체인: {chains}',
    why: 'save와 목록은 같은 테이블의 것이므로, 시점이나 노드가 다릅니다. save를 사용합니다.',
    do: '둘을 연달아 다시 받거나, 알고 싶은 시점이 아닌 쪽을 빼십시오.',
  },
  RULE_LINE: {
    text: '읽지 못한 줄',
    why: 'iptables-save의 줄처럼 시작하지만 그 형식으로 이어지지 않습니다. 이 줄은 제외합니다.',
    do: FRESH,
  },
  RULE_PROSE: {
    text: 'iptables가 출력하지 않는 줄',
    why: '규칙 사이에 프롬프트, 문장, 다른 명령이 있습니다. 이 줄만 제외하고 앞뒤의 규칙은 읽습니다.',
    do: '둘로 나뉜 규칙의 일부가 아니라면 할 일이 없습니다.',
  },
  RULE_TORN: {
    text: '해석하지 못한 규칙',
    why: `따옴표가 하나 빠졌거나 NUL 바이트가 들어 있습니다. ${AS_UNKNOWN}`,
    do: FRESH,
  },
  RULE_MORE: {
    text: '이 덤프의 진단이 {most}가지를 넘음. 나머지는 표시하지 않음',
    why: '진단이 이렇게 많은 덤프는 겉보기와 다른 파일일 가능성이 큽니다.',
    do: FRESH,
  },
  RULE_TABLE_GUESSED: {
    text: '{table} 테이블의 것으로 본 규칙',
    why: '`iptables -S`는 어느 테이블인지 알려 주지 않으며, 이 규칙들은 다른 테이블의 것일 수도 있습니다.',
    do: 'iptables-save의 출력을 주거나, 목록 위의 명령 줄을 남기거나, 파일 이름에 테이블을 넣으십시오.',
  },
  RULE_POLICY: {
    text: '{chain} 체인: policy가 아닌 값 {policy}',
    why: '내장 체인의 policy는 ACCEPT 또는 DROP이고, 사용자 체인에는 policy가 없습니다(-). 이제 이 체인의 policy는 알 수 없습니다.',
    do: CHECK,
  },
  RULE_NO_POLICY: {
    text: '{table} 테이블에 다음 체인의 policy가 없음: {chains}',
    why: '어떤 규칙도 결정하지 않은 패킷이 거기서 어떻게 되는지 알 수 없습니다.',
    do: 'iptables-save의 전체 출력을 주십시오.',
  },
  RULE_CHAIN_TWICE: {
    text: '{table} 테이블에 두 번 선언된 체인: {chain}',
    why: '덤프 두 개를 이어 붙인 것일 수 있습니다. 양쪽 규칙을 한 체인으로 읽습니다.',
    do: FRESH,
  },
  RULE_UNDECLARED: {
    text: '{table} 테이블에 선언되지 않은 {chain} 체인의 규칙',
    why: 'iptables-restore라면 거부합니다. 체인이 선언된 것처럼 만듭니다.',
    do: FRESH,
  },
  RULE_NO_CHAIN: {
    text: 'jump 대상 {chain}: {table} 테이블의 체인도, natwalk가 아는 target도 아님',
    why: '덤프에 그 체인이 없거나, target 확장입니다. 거기서 패킷이 어떻게 되는지 알 수 없습니다.',
    do: '덤프를 걸러 냈다면 전체를 주십시오.',
  },
  RULE_NO_CHAINS: {
    text: '{table} 테이블에서 없는 체인으로 가는 jump 대상이 {rest}개 더 있음',
    why: '덤프가 온전하지 않습니다. 그 체인들에서 패킷이 어떻게 되는지 알 수 없습니다.',
    do: 'iptables-save의 전체 출력을 주십시오.',
  },
  RULE_LOOP: {
    text: '{table} 테이블에서 순환을 만드는 jump: {chain}',
    why: '커널은 이런 테이블을 "Too many levels of symbolic links"(ELOOP)로 거부하므로, 실제로 쓰였을 리 없습니다.',
    do: 'jump 하나를 빼서 순환을 끊으십시오.',
  },
  RULE_JUMP_BUILTIN: {
    text: '{table} 테이블에서 내장 체인을 대상으로 한 jump: {chain}',
    why: '내장 체인에는 커널만 들어갑니다. iptables는 이런 jump를 거부합니다.',
    do: '규칙을 사용자 체인에 넣고 두 곳에서 그 체인으로 jump하십시오.',
  },
  RULE_WRONG_TABLE: {
    text: '{table} 테이블에 있는 {name}',
    why: '커널은 다음 테이블에서만 받아들입니다: {tables}. 이대로 쓰였을 리 없습니다.',
    do: '규칙을 그 테이블 가운데 하나로 옮기십시오.',
  },
  RULE_WRONG_HOOK: {
    text: '{table} 테이블의 {hook}에서 닿는 체인에 있는 {name}',
    why: '커널은 다음 hook 아래에서만 받아들입니다: {hooks}. 이대로 쓰였을 리 없습니다.',
    do: '규칙이나, 그 규칙으로 이끄는 jump를 옮기십시오.',
  },
  RULE_DUMPS_DISAGREE: {
    text: '{table} 테이블의 두 덤프에서 {chain} 체인의 내용이 서로 다름',
    why: '사용한 덤프: {used}, 까닭: {reason}. 다른 덤프: {other}. 시점이나 노드가 다를 수 있습니다.',
    do: '맞는 덤프만 남기고 다른 쪽은 빼십시오.',
  },
  RULE_UNKNOWN_MATCH: {
    text: '모르는 match: {name}',
    why: AS_UNKNOWN,
    do: '이름을 확인하십시오. iptables의 match가 맞다면 natwalk가 아직 다루지 않는 것입니다.',
  },
  RULE_UNKNOWN_TARGET: {
    text: '모르는 target: {name}',
    why: '패킷을 계속 보낼 수도, ACCEPT하거나 DROP할 수도 있습니다. 이 규칙을 만나는 모든 결과에서 미정입니다.',
    do: '이름을 확인하십시오. iptables의 target이 맞다면 natwalk가 아직 다루지 않는 것입니다.',
  },
  RULE_OPTION: {
    text: '{extension}에 없는 옵션: {option}',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_OPTION_MEANT: {
    text: '{extension}에 없는 옵션: {option}. 혹시 {guess}?',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_UNKNOWN_OPTION: {
    text: '이 규칙의 어느 부분에도 없는 옵션: {option}',
    why: `옵션은 그 앞에 있는 match(-m)나 target(-j)의 것입니다. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_REMARK: {
    text: 'target 뒤에 있는, 옵션이 아닌 말',
    why: '누군가 규칙 옆에 적은 메모로 보입니다. 이 말은 제외하고 규칙은 읽습니다.',
    do: '규칙의 일부가 아니라면 할 일이 없습니다. 규칙의 일부라면 고치지 않은 출력을 natwalk에 주십시오.',
  },
  RULE_STRAY: {
    text: '"{word}": 어느 옵션에도 속하지 않음',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_VALUE_MISSING: {
    text: '{flag}: 값 누락',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_VALUE_UNWANTED: {
    text: '{flag}: 값을 받지 않는 옵션',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_NOT_INVERTIBLE: {
    text: '{flag}: !로 반전할 수 없는 옵션',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_DANGLING_NOT: {
    text: '반전할 대상이 없는 !',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_REPEATED: {
    text: '두 번 쓰인 옵션: {flag}',
    why: `iptables는 한 번만 받습니다. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_COUNTERS: {
    text: '"{text}": 카운터가 아님',
    why: `-c에는 패킷 수와 바이트 수가 옵니다. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_NEEDS_PROTOCOL: {
    text: '{name}: 필요한 -p가 규칙에 없음',
    why: `커널은 다음 프로토콜 가운데 하나와 함께일 때만 받아들입니다: {protocols}. ${AS_UNKNOWN}`,
    do: '그 앞에 -p를 추가하십시오.',
  },
  RULE_ADDRESS: {
    text: '"{text}": 주소도 네트워크도 아님',
    why: `IPv4 주소의 옥텟은 0-255입니다. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_MASK: {
    text: '"{text}": prefix 길이도 마스크도 아님',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_OTHER_FAMILY: {
    text: '"{text}": IPv{family}에 맞지 않음',
    why: AS_UNKNOWN,
    do: '덤프가 이름이나 명령대로 iptables 또는 ip6tables의 것인지 확인하십시오.',
  },
  RULE_ADDRESS_LIST: {
    text: '주소나 그 짝이 {most}개를 넘는 목록',
    why: `출발지와 목적지의 짝마다 규칙 하나가 됩니다. ${AS_UNKNOWN}`,
    do: 'ipset을 쓰십시오.',
  },
  RULE_INVERTED_LIST: {
    text: '주소 목록 앞의 !: {text}',
    why: `목록은 여러 규칙이 되므로 iptables가 거부합니다. ${AS_UNKNOWN}`,
    do: 'ipset이나 사용자 체인을 쓰십시오.',
  },
  RULE_DEVICE: {
    text: '"{text}": 인터페이스 이름이 될 수 없음',
    why: `이름은 1-{most}바이트입니다. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_PROTOCOL: {
    text: '"{text}": 프로토콜이 아님',
    why: `프로토콜은 tcp 같은 이름이나 0-255의 수입니다. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_NEVER: {
    text: '! -p {text}: 결코 일치하지 않음',
    why: `모든 패킷에는 프로토콜이 있습니다. ${AS_UNKNOWN}`,
    do: CHECK,
  },
} as const satisfies Translated<typeof english>;
