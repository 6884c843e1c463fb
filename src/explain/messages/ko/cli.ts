/** Words of the command line. */
import type { cli as english } from '../en/cli.js';
import type { Translated } from '../catalogue.js';

export const cli = {
  // A command line that is not understood
  LINE_UNKNOWN_OPTION: "오류: 알 수 없는 옵션 '{option}'",
  LINE_UNKNOWN_COMMAND: "오류: 알 수 없는 명령 '{command}'",
  LINE_NO_ARGUMENT: "오류: 필요한 인자 '{argument}' 없음",
  LINE_NO_VALUE: "오류: 옵션 '{option}'의 값이 없음",
  LINE_TOO_MANY: "오류: '{command}'의 인자는 {most}개까지인데 {count}개를 받음",
  LINE_NEAR: '(혹시 {near}?)',
  LINE_HELP: '(사용법은 {command} --help)',

  USAGE_ADDRESS: {
    text: '{option}: "{text}", IP 주소가 아님',
    why: 'IPv4 주소의 각 옥텟은 0-255이고, 포트가 붙은 IPv6 주소는 대괄호로 묶습니다',
    do: '{option} 192.168.1.10, 192.168.1.10:443 또는 [2001:db8::1]:443처럼 쓰십시오',
  },
  USAGE_PORT: {
    text: '{option}: "{text}", 포트가 아님',
    why: '포트는 0-65535의 정수입니다',
    do: '{option} 192.168.1.10:443처럼 쓰십시오',
  },
  USAGE_FAMILY: {
    text: '--from과 --to의 주소 체계가 서로 다름',
    why: '패킷은 IPv4이거나 IPv6이며, 둘 다일 수는 없습니다',
    do: '둘 다 IPv4 주소로, 또는 둘 다 IPv6 주소로 주십시오',
  },
  USAGE_NUMBER: {
    text: '{option}: "{text}", {low}-{high} 범위의 수가 아님',
    why: '패킷의 필드에 다른 값은 들어갈 수 없습니다',
    do: '10진수로 쓰거나, 16진수는 0x...로 쓰십시오',
  },
  USAGE_FLAGS: {
    text: '{option}: "{text}", TCP 플래그가 아님',
    why: '플래그는 FIN, SYN, RST, PSH, ACK, URG, ECE, CWR 또는 NONE입니다',
    do: '{option} SYN 또는 {option} SYN,ACK처럼 쓰십시오',
  },
  USAGE_CHOICE: {
    text: '{option}: "{text}", 다음 가운데 어느 것도 아님: {choices}',
    why: '여기서 다른 값은 뜻이 없습니다',
    do: '다음 가운데 하나를 쓰십시오: {choices}',
  },
  USAGE_ICMP: {
    text: '{option}: "{text}", TYPE 또는 TYPE/CODE 형식이 아님',
    why: 'ICMP type과 code는 0-255의 수입니다',
    do: '{option} 8 또는 {option} 3/1처럼 쓰십시오',
  },
  USAGE_CONFLICT: {
    text: '{option}: {other} 옵션과 함께 쓸 수 없음',
    why: '둘 다 패킷이 어디서 오는지를 정하는데 서로 어긋납니다',
    do: '둘 가운데 하나를 빼십시오',
  },
  USAGE_MISSING: {
    text: '{option} 누락',
    why: '이것이 없으면 따라갈 패킷이 없습니다',
    do: 'natwalk trace NODE --from 192.168.61.33 --to 203.0.113.9:443',
  },
  USAGE_PACKET: {
    text: '있을 수 없는 패킷: {reason}',
    why: '패킷의 각 부분이 서로 맞지 않습니다',
    do: 'natwalk trace --help를 보십시오',
  },
  NODE_UNREADABLE: {
    text: '"{path}" 읽기 실패: {reason}',
    why: '스냅샷이 없으면 패킷을 따라갈 노드도 없습니다',
    do: '덤프가 든 폴더나 파일을 주십시오. 표준 입력은 -입니다',
  },
  NODE_EMPTY: {
    text: '"{path}"에 덤프로 인식된 것이 없음',
    why: 'natwalk는 내용을 보고 덤프를 알아봅니다: iptables-save, ip rule, ip route, ip addr, ipset, sysctl, conntrack',
    do: '파일에 이 명령들의 출력이 들어 있는지 확인하십시오',
  },
  BATCH_UNREADABLE: {
    text: '"{path}"의 패킷 읽기 실패: {reason}',
    why: '--batch에는 한 줄에 JSON 객체 하나씩 줍니다',
    do: '파일을 주십시오. 표준 입력은 -입니다',
  },
  DIFF_NO_PACKETS: {
    text: '"{path}"에 패킷 없음',
    why: '패킷이 하나도 없으면 어느 두 노드든 같아 보입니다',
    do: '한 줄에 JSON 객체 하나씩 주거나 --packets를 빼십시오',
  },
  BATCH_LINE: {
    text: '{line}번째 줄이 패킷이 아님: {reason}',
    why: '패킷 한 줄은 적어도 proto와 dst가 있는 JSON 객체입니다',
    do: '{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9","dport":443}처럼 쓰십시오',
  },
  BATCH_TWO_STDIN: {
    text: '노드와 패킷을 둘 다 표준 입력에서 읽을 수는 없음',
    why: '표준 입력은 한 번만 읽을 수 있습니다',
    do: '둘 가운데 하나를 파일로 주십시오',
  },
  EXPLAIN_UNKNOWN: {
    text: '"{code}": natwalk의 코드가 아님',
    why: '코드는 "오류"와 "경고" 뒤, JSON에서는 "code"에 있습니다',
    do: '출력된 코드를 그대로 복사하십시오. 비슷한 코드: {near}',
  },
  INTERNAL: {
    text: 'natwalk의 결함: {reason}',
    why: '코드가 예상하지 못한 경우를 만났습니다. 입력한 명령에는 잘못이 없습니다',
    do: '명령과, 가능하다면 스냅샷을 함께 보고해 주십시오',
  },
  ERROR: '오류',
  SEVERITY_WARNING: '경고',
  DIAG_WHY: '이유',
  DIAG_DO: '조치',
  EXPLAIN_WHAT: '뜻',
  DIAG_RELATED: '참고',
  DIAG_MORE_ONE: '그 밖에 진단 1건',
  DIAG_MORE: '그 밖에 진단 {count}건',
  COMMAND_LINE: '명령줄',
  GREETING: `natwalk는 노드의 덤프만 보고, Linux 커널이 패킷을 어떻게 처리하며 왜 그런지 알려 줍니다.

  natwalk trace ./node --from 192.168.61.33 --to 203.0.113.9:443
      패킷 하나의 경로: 어느 hook, 규칙, mark, NAT, route가 결정하는지
  natwalk trace ./node --batch packets.jsonl --json
      여러 패킷, 한 줄에 JSON 결과 하나
  natwalk show ./node --summary
      덤프에서 읽은 것

./node는 iptables-save, ip rule, ip route, ip addr, sysctl -a의 출력이 든 폴더나 파일입니다.
답이 먼저 나오고, 이어서 결정마다 한 줄씩 나옵니다. 스크립트에는 -o json을 씁니다.
전체 사용법은 natwalk --help로 봅니다.`,
  STRICT: '가정에 근거한 결과가 있음 (--strict)',
  SHOW_SUMMARY_RULES: '{tool} {table}: 체인 {chains}개, 규칙 {rules}개',
  SHOW_SUMMARY_UNKNOWN: '{tool} {table}: 스냅샷에 없음',
  SHOW_SUMMARY_NETWORK:
    'IPv{family}: 링크 {links}개, 주소 {addresses}개, policy rule {rules}개, 테이블 {tables}개에 route {routes}개',
  SHOW_SUMMARY_SETS: 'ipset: {sets}',
  SHOW_SUMMARY_NO_SETS: 'ipset: 스냅샷에 없음',
  SHOW_SUMMARY_SYSCTLS: 'sysctl: {sysctls}',
} as const satisfies Translated<typeof english>;
