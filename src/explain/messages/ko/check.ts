/** `natwalk check`: faults of spec files, what fails, and the words of its report. */
import type { check as english } from '../en/check.js';
import type { Translated } from '../catalogue.js';

export const check = {
  CHECK_YAML: {
    text: 'YAML이 아님: {reason}',
    why: '그 뒤로는 spec을 읽을 수 없습니다',
    do: '이 줄을 고치십시오. ": "이나 "#"가 든 텍스트는 따옴표로 묶어야 합니다',
  },
  CHECK_DOCUMENTS: {
    text: '여기서 두 번째 YAML 문서가 시작됨',
    why: 'spec은 문서 하나이며, 다른 문서의 검사는 실행되지 않습니다',
    do: '다른 파일로 나누거나, 그 flows:를 첫 문서의 flows: 아래에 넣으십시오',
  },
  CHECK_LARGE: {
    text: 'spec이 {most}자보다 김',
    why: '사람이 쓰는 길이가 아닙니다',
    do: '나누거나 표(each:)를 쓰십시오',
  },
  CHECK_VALUES: {
    text: 'spec의 값이 {most}개보다 많음 (anchor는 쓰일 때마다 셈)',
    why: 'anchor 안의 anchor는 작은 텍스트를 매우 크게 만듭니다',
    do: 'anchor 대신 표(each:)를 쓰십시오',
  },
  CHECK_TAG: {
    text: '여기서 뜻이 없는 tag: "{tag}"',
    why: 'spec에는 보통 값만 들어갑니다',
    do: 'tag를 빼십시오',
  },
  CHECK_ALIAS: {
    text: '이 위치 앞에 없는 anchor: "{name}"',
    why: 'alias는 이미 끝난 값을 가리킵니다',
    do: 'anchor를 더 위의 값에 두고, alias 자신을 감싸지 않게 하십시오',
  },
  CHECK_KEY_FORM: {
    text: '한 단어가 아닌 key',
    why: 'spec의 key는 모두 단어입니다',
    do: 'KEY: VALUE처럼 쓰십시오',
  },
  CHECK_KEY_TWICE: {
    text: '두 번 나온 key: "{key}"',
    why: '둘 가운데 하나만 쓰일 수 있습니다',
    do: '하나를 빼십시오',
  },
  CHECK_UNKNOWN_KEY: {
    text: '알 수 없는 key: "{key}"',
    why: '뜻이 없는 key는 아무것도 검사하지 않는데 아무도 알아채지 못합니다',
    do: '{near}인지 확인하십시오. 여기서 쓰는 key: {keys}',
  },
  CHECK_NOT_MAP: {
    text: '{key}: mapping이 와야 함',
    why: '이 위치에서는 다른 것을 읽을 수 없습니다',
    do: 'KEY: VALUE 줄로 쓰거나, 중괄호 안에 KEY: VALUE를 쓰십시오',
  },
  CHECK_NOT_LIST: {
    text: '{key}: 목록이 와야 함',
    why: '이 위치에서는 다른 것을 읽을 수 없습니다',
    do: '각 항목을 "- "로 시작하십시오',
  },
  CHECK_NOT_TEXT: {
    text: '{key}: 값이 와야 함',
    why: '비어 있거나, 목록 또는 mapping입니다',
    do: '콜론 뒤에 단어나 수를 쓰십시오',
  },
  CHECK_NUMBER: {
    text: '{key}: "{text}", {low}-{high} 범위의 수가 아님',
    why: '필드에 다른 값은 들어갈 수 없습니다',
    do: '10진수로 쓰거나, 16진수는 0x...로 쓰십시오',
  },
  CHECK_CHOICE: {
    text: '{key}: "{text}", 다음 가운데 어느 것도 아님: {choices}',
    why: '여기서 다른 값은 뜻이 없습니다',
    do: '{near}인지 확인하십시오',
  },
  CHECK_ADDRESS: {
    text: '{key}: "{text}", 주소가 아님',
    why: '포트가 붙은 IPv6 주소는 대괄호로 묶고, 이름은 pod:, svc:, node:로 시작합니다',
    do: '192.168.1.10, 192.168.1.10:443 또는 "[2001:db8::1]:443"처럼 쓰십시오',
  },
  CHECK_PREFIX: {
    text: '"{text}", prefix가 아님',
    why: 'VPC의 prefix는 주소와 길이로 씁니다',
    do: '192.168.0.0/16처럼 쓰십시오',
  },
  CHECK_PROTOCOL: {
    text: 'proto: "{text}", 프로토콜이 아님',
    why: '프로토콜은 iptables가 아는 이름이나 0-255의 수입니다',
    do: 'tcp, udp, icmp, icmpv6, sctp 또는 수를 쓰십시오',
  },
  CHECK_ICMP: {
    text: 'icmp: "{text}", TYPE 또는 TYPE/CODE 형식이 아님',
    why: 'ICMP type과 code는 0-255의 수입니다',
    do: '8 또는 3/1처럼 쓰십시오',
  },
  CHECK_MARK: {
    text: '{key}: "{text}", VALUE 또는 VALUE/MASK 형식이 아님',
    why: 'mark는 32비트의 수입니다',
    do: '0x80처럼, 그 비트만 보려면 0x80/0x80처럼 쓰십시오',
  },
  CHECK_PORTS: {
    text: '{key}: "{text}", 포트도 포트 범위도 아님',
    why: '포트는 0-65535의 정수입니다',
    do: '443 또는 30000-32767처럼 쓰십시오',
  },
  CHECK_SHARE: {
    text: '"{text}", 확률이 아님',
    why: '엔드포인트마다 연결을 나누어 받는 몫이 있습니다',
    do: '0.5, 50%, 1/3처럼 쓰고, 오차는 그 뒤에 50% +- 1%처럼 쓰십시오',
  },
  CHECK_FAMILY: {
    text: 'from과 to의 주소 체계가 서로 다름',
    why: '패킷은 IPv4이거나 IPv6이며, 둘 다일 수는 없습니다',
    do: '둘 다 IPv4 주소로, 또는 둘 다 IPv6 주소로 주십시오',
  },
  CHECK_CONFLICT: {
    text: '{key}: 함께 쓸 수 없는 key {other}',
    why: '같은 것을 두 가지로 말합니다',
    do: '둘 가운데 하나를 빼십시오',
  },
  CHECK_MISSING: {
    text: '{of}: {key} 누락',
    why: '이것이 없으면 검사할 것이 없습니다',
    do: '{key}: 줄을 더하십시오',
  },
  CHECK_NOTHING: {
    text: '{key}: 내용 없음',
    why: '내용이 없는 기대는 무슨 일이 있어도 맞습니다',
    do: '무엇을 기대하는지 쓰거나 key를 빼십시오',
  },
  CHECK_EMPTY: {
    text: '빈 suite: flows 없음',
    why: '아무것도 검사하지 않는 suite는 실패입니다. 규칙이 어떻든 통과하기 때문입니다',
    do: 'flows:에 name, packet, expect가 있는 항목을 더하십시오',
  },
  CHECK_NAME_TWICE: {
    text: '이름이 같은 검사 둘: "{name}"',
    why: '보고서와 slice는 이름으로 검사를 구별합니다',
    do: '각각 다른 이름을 주십시오. 표에서는 placeholder를 이름에 넣으면 됩니다',
  },
  CHECK_GOLDEN_TWICE: {
    text: 'golden 파일이 같은 검사 둘: "{name}"',
    why: '서로 쓴 것을 덮어쓰게 됩니다',
    do: '각각 다른 파일을 주십시오. 표에서는 placeholder를 이름에 넣으면 됩니다',
  },
  CHECK_GOLDEN_PATH: {
    text: 'golden: "{path}", spec의 폴더 안에 있는 파일이 아님',
    why: '--update가 쓰는 파일이므로 다른 곳이어서는 안 됩니다',
    do: 'spec을 기준으로 ".." 없이 쓰십시오',
  },
  CHECK_WHICH_NODE: {
    text: '이 flow가 어느 노드에 대한 것인지 알 수 없음',
    why: 'spec에 노드가 여럿 있습니다: {names}',
    do: 'node:에 이 이름 가운데 하나를 쓰십시오',
  },
  CHECK_ONE_NODE: {
    text: '이 flow에는 노드 이름이 있는데, spec의 노드에는 이름이 없음',
    why: '이름은 nodes:의 이름입니다',
    do: '빼거나, node: 대신 nodes:를 쓰십시오',
  },
  CHECK_EACH_NAME: {
    text: 'each: "{name}", 열 이름이 아님',
    why: 'placeholder는 글자, 숫자, "-", "_"로 이루어집니다',
    do: '다른 이름을 고르십시오',
  },
  CHECK_EACH_EMPTY: {
    text: 'each: "{name}", 값 없음',
    why: '그러면 표에 행이 없어 아무것도 검사하지 않습니다',
    do: '값의 목록을 주십시오',
  },
  CHECK_EACH_MANY: {
    text: '표의 행이 {most}개보다 많음',
    why: '열이 늘 때마다 행이 곱으로 늘어납니다',
    do: '표를 나누거나, forall:로 패킷을 뽑으십시오',
  },
  CHECK_EACH_UNUSED: {
    text: 'each: 어디에도 쓰이지 않은 열 "{name}"',
    why: '행들이 같은 검사의 반복이 됩니다',
    do: '"$"와 중괄호 안의 이름으로 쓰거나, 빼십시오',
  },
  CHECK_PLACEHOLDER: {
    text: 'each:에 없는 열: "{name}"',
    why: '여기의 열은 다음과 같습니다: {names}',
    do: 'placeholder를 고치거나 열을 더하십시오',
  },
  CHECK_RULE_NAME: {
    text: '"{text}", 규칙 이름이 아님',
    why: '규칙은 테이블, 체인, 번호로, 또는 커널의 TRACE 로그처럼 씁니다',
    do: 'nat/AWS-SNAT-CHAIN-0:2, nat/AWS-SNAT-CHAIN-0, rule/1024 또는 nat:PREROUTING:rule:2처럼 쓰십시오',
  },
  CHECK_CODE: {
    text: '"{code}", 가정의 코드가 아님',
    why: '가정의 코드는 UNK_ 또는 ASM_으로 시작합니다',
    do: '보고서나 natwalk trace의 JSON에서 코드를 복사하십시오',
  },
  CHECK_SET: {
    text: '{key}: "{text}", 주소의 집합이 아님',
    why: '패킷은 집합({sets}), prefix, 주소, 이름에서 뽑습니다',
    do: 'pods, outside-vpc, 10.0.0.0/8, pod:web, svc:web처럼 쓰십시오. services는 목적지로만 씁니다',
  },
  CHECK_NO_VPC: {
    text: '{set}: VPC의 prefix를 알 수 없음',
    why: 'spec에도, 이 노드의 AWS VPC CNI 체인에도 나오지 않습니다',
    do: 'spec에 vpc: 192.168.0.0/16처럼 더하십시오',
  },
  CHECK_NO_PACKET: {
    text: '뽑을 수 있는 패킷 없음: 이 노드에서 주소가 없는 집합이 있음',
    why: 'from과 to에 같은 주소 체계의 주소가 있어야 합니다',
    do: 'natwalk show NODE를 보거나, 주소를 쓰십시오',
  },
  CHECK_NODE_PATH: {
    text: '노드 "{path}" 읽기 실패: {reason}',
    why: '경로는 spec의 폴더를 기준으로 합니다',
    do: '경로를 고치십시오',
  },
  CHECK_SPEC_UNREADABLE: {
    text: 'spec "{path}" 읽기 실패: {reason}',
    why: '이것이 없으면 검사할 것이 없습니다',
    do: 'spec 파일을 주십시오',
  },
  CHECK_NO_SPEC: {
    text: 'spec 누락',
    why: '이것이 없으면 검사할 것이 없습니다',
    do: 'natwalk check examples/checks/eks.yaml',
  },
  CHECK_GOLDEN_UNWRITTEN: {
    text: 'golden 파일 "{path}" 쓰기 실패: {reason}',
    why: 'spec의 폴더 안에 있고 링크가 아닌 파일만 씁니다',
    do: '경로나 권한을 고치십시오',
  },
  CHECK_COVERAGE_UNWRITTEN: {
    text: 'coverage를 "{path}"에 쓰기 실패: {reason}',
    why: '검사는 끝났지만 coverage는 남지 않았습니다',
    do: '경로나 권한을 고치십시오',
  },
  CHECK_SHARD: {
    text: '--shard: "{text}", I/N 형식이 아님',
    why: 'slice는 1부터 셉니다',
    do: '기계 네 대 가운데 첫째에서는 --shard 1/4처럼 쓰십시오',
  },
  CHECK_FAIL_CONTAINS: '패킷이 만나지 않는 규칙: {rule}',
  CHECK_FAIL_EXCLUDES: '패킷이 만나는 규칙: {rule}',
  CHECK_FAIL_NEVER: '있어서는 안 되는 결과: {got}',
  CHECK_FAIL_NO_RULE: '노드에 {rule} 없음: 제외해도 뜻이 없음',
  CHECK_FAIL_NO_DEVICE: '노드에 인터페이스 {device} 없음: 금지해도 뜻이 없음',
  CHECK_FAIL_RESTS: '허용되지 않은 가정에 근거함: {code}',
  CHECK_FAIL_NO_REPLY: '따라갈 응답 없음',
  CHECK_FAIL_TRUNCATED: '결과가 따라가는 한도보다 많음',
  CHECK_FAIL_NO_GOLDEN: 'golden 파일 {path} 없음. --update로 만듦',
  CHECK_WORD_FAIL: '실패',
  CHECK_WORD_OK: '통과',
  CHECK_EXPECTED: '기대',
  CHECK_GOT: '실제',
  CHECK_DECIDED: '결정',
  CHECK_TRY: '따라가기',
  CHECK_PACKET: '패킷',
  CHECK_DRAWN: '뽑은 패킷 {walked}번째에서 발견, seed {seed}, {shrinks}번 줄임',
  CHECK_DRAWN_ALL: '모든 패킷 {all}개 가운데 {walked}번째에서 발견, {shrinks}번 줄임',
  CHECK_COUNT: '검사 {checks}개, 실패 {failed}개',
  CHECK_COUNT_UPDATED: 'golden 파일 {files}개를 씀',
  CHECK_SLICE: 'slice {index}/{count}: 검사 {all}개 가운데 {checks}개',
  CHECK_COVERAGE: '일치한 적 없음',
  CHECK_COVERAGE_COUNT: '{node}: 규칙과 policy rule {all}개 가운데 {hit}개 일치 ({percent} %)',
  CHECK_WATCHING: '변경을 기다리는 중. Ctrl-C로 끝냄',
  CHECK_AGAIN: '변경됨: {path}',
} as const satisfies Translated<typeof english>;
