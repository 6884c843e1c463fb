/** 실습의 말: 파일, 답, 진행 기록의 잘못과 학생이 읽는 글. */
import type { Translated } from '../catalogue.js';
import type { labs as english } from '../en/labs.js';

const WHOLE = '반쯤 쓴 실습은 틀린 것을 가르칩니다';

export const labs: Translated<typeof english> = {
  // Faults of a lab's file
  LAB_EMPTY: { text: '빈 실습 파일', why: WHOLE, do: '쓰는 방법은 labs/FORMAT.md에 있습니다' },
  LAB_FOLDER: {
    text: '실습 폴더의 이름이 아님: "{folder}"',
    why: '폴더 이름이 실습의 번호와 이름을 정합니다',
    do: 'NN-이름 꼴로 지으십시오: 06-pod-to-internet',
  },
  LAB_VERSION: {
    text: '실습 형식 {text}. 이 natwalk는 형식 {known}까지 읽음',
    why: '더 새로운 형식의 뜻은 여기서 알 수 없습니다',
    do: '더 새로운 natwalk를 쓰거나 lab: {known} 형식으로 쓰십시오',
  },
  LAB_MISSING: { text: '{of}: key "{key}" 누락', why: WHOLE, do: '{key}: 항목을 더하십시오' },
  LAB_LANGUAGE: {
    text: '{key}: 언어 "{language}" 글 누락',
    why: '모든 글은 두 언어로 있어야 합니다',
    do: '{language}: 항목을 더하십시오',
  },
  LAB_COUNT: {
    text: '{key}: {count}개, 조건 {least}-{most}개',
    why: WHOLE,
    do: '무엇이 들어가는지는 labs/FORMAT.md에 있습니다',
  },
  LAB_ID: {
    text: '{key}: 이름으로 칠 수 없는 글 "{text}"',
    why: '명령줄에서 치는 이름입니다',
    do: '글자, 숫자, 점, 줄표로 40자까지 쓰십시오',
  },
  LAB_TWICE: {
    text: '{key}: "{name}" 중복',
    why: '두 질문의 답을 구별할 수 없습니다',
    do: '하나의 이름을 바꾸십시오',
  },
  LAB_LISTENS: {
    text: 'listens: tcp/PORT나 udp/PORT가 아님: "{text}"',
    why: '누가 듣고 있는지에 따라 연결의 결과가 달라집니다',
    do: 'tcp/80처럼 쓰십시오',
  },
  LAB_END: {
    text: '{key}: 길의 끝이 될 수 없음: "{text}"',
    why: '길은 파드, 노드, 바깥, 주소에서 시작하고 끝납니다',
    do: 'pod:NAME, node:NAME, outside, IP[:PORT] 가운데 하나로 쓰십시오',
  },
  LAB_NO_PACKET: {
    text: '이 실습에 없는 패킷: "{name}"',
    why: '질문과 과제는 packets:에 있는 패킷을 다룹니다',
    do: '있는 패킷을 쓰십시오: {names}',
  },
  LAB_NO_EXPECT: {
    text: '기대하는 것이 없는 패킷: "{name}"',
    why: '과제는 패킷의 기대로 채점합니다',
    do: '패킷에 expect:를 더하십시오',
  },
  LAB_NO_CLUSTER: {
    text: '노드 사이를 가는 패킷 "{name}", 그런데 실습에 cluster가 없음',
    why: '노드 사이의 네트워크는 클러스터 파일에 있습니다',
    do: 'node: 대신 cluster:에 파일의 경로를 쓰십시오',
  },
  LAB_NOT_ACROSS: {
    text: '노드 사이를 가는 패킷 "{name}". 오개념은 한 노드의 패킷으로 반박함',
    why: '풀이가 한 노드의 한 단계에서 멈추기 때문입니다',
    do: 'packet:이 있는 패킷을 쓰십시오',
  },
  LAB_FORM: {
    text: '질문에는 다음 가운데 하나만: {forms}',
    why: '답하는 방법이 서로 다릅니다',
    do: '하나만 남기십시오',
  },
  LAB_RIGHT: {
    text: '어느 선택지가 맞는지 알 수 없음',
    why: '모든 선택지에 expect:가 있어 패킷이 정하거나, 하나에만 right: true가 있어야 합니다',
    do: '모든 선택지에 expect:를 주거나, expect: 없이 하나에만 right: true를 주십시오',
  },
  LAB_NO_MISCONCEPTION: {
    text: '없는 오개념: "{name}"',
    why: '오개념을 밝힌 틀린 선택지에는 그 패킷으로 답합니다',
    do: '있는 오개념을 쓰십시오: {names}',
  },
  LAB_UNBELIEVED: {
    text: '어느 선택지도 믿지 않는 오개념: "{name}"',
    why: '아무도 그 반박을 보지 못합니다',
    do: '선택지의 believes:에 쓰십시오',
  },
  LAB_LONG: {
    text: '장면의 영어 글이 {words}단어, {most}단어 초과',
    why: '첫 명령을 치기 전에 읽는 글입니다',
    do: '명령이 어차피 보여 주는 것은 빼십시오',
  },
  LAB_PATH: {
    text: '실습에 상대적인 경로가 아님: "{path}"',
    why: '실습은 여기저기로 복사됩니다',
    do: 'lab.yaml에서 본 경로로 쓰십시오: ../nodes/NAME',
  },
  LAB_SOURCE: {
    text: 'https 주소가 아님: "{text}"',
    why: '학생이 열어 볼 수 있는 문서여야 합니다',
    do: 'https://...처럼 쓰십시오',
  },
  LAB_NODE_PATH: {
    text: '노드 "{path}": {reason}',
    why: '노드 없이는 실습을 할 수 없습니다',
    do: 'lab.yaml에서 본 경로를 바로잡으십시오',
  },

  // What the robot finds
  LAB_V_LOOK: {
    text: '되지 않는 명령 "{command}": {reason}',
    why: '학생에게 치라고 하는 명령입니다',
    do: '모사 노드가 아는 명령을 쓰거나 빼십시오',
  },
  LAB_V_RIGHT: {
    text: '질문 "{id}": 성립하는 선택지 {count}개({ids}), 조건 1개',
    why: '어느 선택지가 맞는지는 패킷이 정합니다',
    do: '하나만 성립하도록 기대를 고치십시오',
  },
  LAB_V_RULE: {
    text: '패킷 "{packet}": 길에 없는 규칙 {rule}',
    why: '패킷이 만나지 않는 규칙은 그 패킷에 아무것도 정하지 않습니다',
    do: '길에 있는 규칙을 쓰십시오. natwalk trace에서 볼 수 있습니다',
  },
  LAB_V_UNTOLD: {
    text: '패킷의 결과가 가정에 달림: {code}',
    why: '노드가 보여 주지 않는 것은 어느 학생도 알 수 없습니다',
    do: '노드에 빠진 것을 더하거나 assume:으로 허용하십시오',
  },
  LAB_V_CLAIMS: {
    text: '오개념 "{id}": 주장하는 것이 성립함',
    why: '그렇다면 오개념이 아닙니다',
    do: 'claims:나 패킷을 고치십시오',
  },
  LAB_V_SHOWS: {
    text: '오개념 "{id}": 반박하는 것이 성립하지 않음',
    why: '패킷이 아무것도 반박하지 못합니다',
    do: 'shows:나 패킷을 고치십시오',
  },
  LAB_V_PACKET: {
    text: '걸을 수 없는 패킷 "{name}": {code}',
    why: '그 패킷에 대해 아무 말도 할 수 없습니다',
    do: '패킷을 바로잡으십시오',
  },
  LAB_V_EXPECT: {
    text: '시작할 때 기대와 다른 패킷 "{name}": {key} = {got}',
    why: '실습이 커널과 다른 말을 합니다',
    do: '기대를 바로잡으십시오',
  },
  LAB_V_SOLVED: {
    text: '시작할 때 이미 모든 목표가 성립함',
    why: '할 일이 없습니다',
    do: '아직 성립하지 않는 목표를 과제에 주십시오',
  },
  LAB_V_UNSOLVED: {
    text: '풀이 뒤에도 기대와 다른 패킷 "{name}": {key} = {got}',
    why: '풀이가 과제를 풀지 못합니다',
    do: '풀이나 기대를 바로잡으십시오',
  },
  LAB_V_BUDGET: {
    text: '풀이에서 무엇을 바꾸는 명령 {changes}개, 한도 {budget}개',
    why: '풀이는 한도 안에서 무엇인가를 바꾸어야 합니다',
    do: '풀이나 한도를 고치십시오',
  },
  LAB_V_COMMAND: {
    text: '실패하는 명령 "{command}": {reason}',
    why: '풀이와 틀린 수정은 학생이 치는 그대로 칩니다',
    do: '명령을 바로잡으십시오',
  },
  LAB_V_WRONG: {
    text: '틀린 수정 뒤에도 성립하는 패킷: "{name}"',
    why: '그렇다면 그 수정을 거부할 것이 없습니다',
    do: '해를 입는 패킷을 쓰거나 collateral:에 하나 더하십시오',
  },
  LAB_V_SCORE: {
    text: '모두 아는 학생이 {score}점, 아무것도 하지 않은 학생이 {idle}점',
    why: '앞의 학생은 100점, 뒤의 학생은 0점이어야 합니다',
    do: '이유는 다른 진단에 있습니다',
  },
  LAB_NO_NODE: '없는 노드: {name}',
  LAB_NO_END: '클러스터가 모르는 끝: {from}, {to}',
  LAB_NOT_THERE: '패킷이 오지 않는 노드: {name}',

  // The command line
  USAGE_LAB_VERB: {
    text: 'natwalk lab에 없는 동작: "{text}"',
    why: '할 수 있는 동작은 다음과 같습니다: {choices}',
    do: 'natwalk lab list로 실습을 보십시오',
  },
  USAGE_LAB_NAME: {
    text: '없는 실습: "{text}"',
    why: '실습은 번호나 이름으로 부릅니다: {names}',
    do: 'natwalk lab list',
  },
  USAGE_LAB_NONE: {
    text: '시작한 실습이 없음',
    why: '마지막으로 시작한 실습에 대한 동작입니다',
    do: 'natwalk lab start 6처럼 시작하거나 --lab으로 부르십시오',
  },
  USAGE_LAB_WORDS: {
    text: 'natwalk lab {verb}: {form}',
    why: '빠진 것이 있거나 너무 많습니다',
    do: 'natwalk lab --help를 보십시오',
  },
  USAGE_LAB_QUESTION: {
    text: '이 실습에 없는 질문: "{text}"',
    why: '이번 실습의 질문은 다음과 같습니다: {names}',
    do: 'natwalk lab start {lab} 명령이 다음 질문을 보여 줍니다',
  },
  LAB_ANSWER_CHOICE: '질문 {id}의 답이 아니다. 선택지: {choices}. 횟수에 넣지 않았다.',
  LAB_ANSWER_QUESTION: '이번 실습에 없는 질문: "{text}". 질문: {names}. 횟수에 넣지 않았다.',
  LAB_ANSWER_RULE:
    '규칙이 아니다. 테이블/체인:번호, 테이블/체인, rule/우선순위 가운데 하나로 쓰자. 횟수에 넣지 않았다.',
  LAB_ANSWER_WORD: '질문 {id}의 답이 아니다. 횟수에 넣지 않았다.',
  LAB_UNREADABLE: {
    text: '실습이 없는 곳: {path}: {reason}',
    why: '실습은 lab.yaml이 있는 NN-이름 폴더입니다',
    do: '실습 폴더를 --labs로 알려 주십시오',
  },
  LAB_FAULTY: {
    text: '잘못이 있는 실습: {path}. 잘못은 위에 있음',
    why: WHOLE,
    do: '바로잡으십시오. natwalk lab check가 모두 알려 줍니다',
  },
  LAB_NO_HOME: {
    text: '진행 기록을 둘 곳이 없음',
    why: 'XDG_STATE_HOME도 HOME도 정해지지 않았습니다',
    do: '--progress로 파일을 정하십시오',
  },
  LAB_PROGRESS_IO: {
    text: '쓸 수 없는 진행 기록 {path}: {reason}',
    why: '아무것도 바꾸지 않았습니다',
    do: '--progress로 다른 파일을 정하십시오',
  },
  LAB_PROGRESS_NEWER: {
    text: '진행 기록 {path}: 버전 {version}, 이 natwalk(버전 {known})보다 새로움',
    why: '더 새로운 natwalk가 쓴 것을 잃게 되므로 파일을 건드리지 않았습니다',
    do: '새로운 natwalk를 쓰거나 --progress로 다른 파일을 정하십시오',
  },
  LAB_PROGRESS_LOCKED: {
    text: '다른 세션(프로세스 {pid}, 호스트 {host})이 쓰는 진행 기록: {path}',
    why: '둘이 함께 쓰면 서로 덮어씁니다. 아무것도 바꾸지 않았습니다',
    do: '다른 세션을 끝내거나 --progress로 다른 파일을 정하십시오. 다른 세션이 없다면 지울 파일: {lock}',
  },
  LAB_PROGRESS_DAMAGED:
    '진행 기록 {path} 파일이 손상되었다(위치: {place}). {kept} 파일로 남겨 두고 새로 시작한다.',
  LAB_PROGRESS_STALE: '말없이 끝난 세션(프로세스 {pid})의 잠금이 남아 있어 넘겨받았다.',
  LAB_BUNDLE_WHO: {
    text: 'natwalk lab bundle에는 --teacher나 --student가 필요함',
    why: '학생용 사본에는 풀이가 없고 답은 봉인되어 있습니다',
    do: 'natwalk lab bundle --student DIR',
  },
  LAB_BUNDLE_THERE: {
    text: '이미 있는 폴더: {path}',
    why: '묶음은 새 폴더에 씁니다',
    do: '아직 없는 폴더의 이름을 주십시오',
  },
  LAB_BUNDLED: '실습 {count}개를 썼다: {path}',
  LAB_CHECKED: '실습 {count}개 검사: 잘못 없음.',

  // What a student reads
  LAB_HEADING: '실습 {number}: {title}',
  LAB_LOOK: '쳐 볼 만한 명령:',
  LAB_NO_TASK: '이 실습에는 과제가 없다. 질문이 전부다.',
  LAB_TASK_FIX: '과제: 고치기',
  LAB_TASK_BUILD: '과제: 만들기',
  LAB_TASK_DONE: '과제를 마쳤다. 모든 패킷이 원하는 대로 된다.',
  LAB_GOALS: '이 패킷들은 원하는 대로 되어야 한다:',
  LAB_COLLATERAL: '이 패킷들은 그대로여야 한다:',
  LAB_BUDGET_IS: '무엇을 바꾸는 명령은 {budget}개까지.',
  LAB_DONE: '질문과 과제가 모두 끝났다. "grade"를 치면 점수를 볼 수 있다.',
  LAB_HOW_CHOICE: 'answer {id} 선택지',
  LAB_HOW_RULE: 'answer {id} 테이블/체인:번호, policy rule은 rule/우선순위',
  LAB_HOW_WORD: 'answer {id} 답',
  LAB_RIGHT_ANSWER: '맞음 ({tries}번째 답)',
  LAB_WRONG_ANSWER: '아님 ({tries}번째 답)',
  LAB_TRY_AGAIN: '노드를 다시 살펴보고 답하자.',
  LAB_BELIEF: '이 답 뒤에 있는 생각: {text}',
  LAB_SOURCES: '더 읽을거리:',
  LAB_FAILURE: '{key}: 조건 {expected}, 결과 {got}',
  LAB_FAILURE_SAID: '항목 {key}: {text}',
  LAB_STATE_OPEN: '아직',
  LAB_STATE_WRONG: '아직 틀림',
  LAB_STATE_RIGHT: '맞음',
  LAB_PART_PREDICT: '예측',
  LAB_PART_CAUSE: '원인',
  LAB_PART_TASK: '과제',
  LAB_PART_TRANSFER: '응용',
  LAB_PART_HINTS: '힌트 ({hints}개)',
  LAB_HOLDS: '성립',
  LAB_GOAL_OPEN: '아직',
  LAB_HARMED: '깨짐',
  LAB_OPENS_TOO_MUCH:
    '목표는 이루었지만 이 수정은 받아들일 수 없다. 그대로 두어야 할 패킷의 결과까지 바꾼다.',
  LAB_OVER_BUDGET:
    '이 수정은 받아들일 수 없다. 무엇을 바꾼 명령이 {made}개인데 한도는 {budget}개다. 모두 되돌리면 0부터 다시 세고, "reset"은 실습을 새로 시작한다.',
  LAB_UNTOLD: '여기서 패킷의 결과가 가정에 달려 있다. 학생이 아니라 실습의 잘못이다.',
  LAB_PASSED: '통과: 100점 가운데 {score}점 (통과 기준 {mark}점)',
  LAB_NOT_PASSED: '아직 통과 아님: 100점 가운데 {score}점 (통과 기준 {mark}점)',
  LAB_BEGUN: '시작함',
  LAB_BEST: '최고 {score}점',
  LAB_CURRENT: '하는 중',
  LAB_MINUTES: '{minutes}분',
  LAB_HINT: '힌트 {number}/{count}: {text}',
  LAB_NO_HINT: '힌트가 더 없다.',
  LAB_RESET: '실습 {number}번을 새로 시작한다. 노드는 처음 그대로다. 지금까지 최고 점수: {best}.',
  LAB_SOLUTION: '풀이 (친 것은 아니며, 힌트를 모두 쓴 것으로 친다):',
  LAB_NO_SOLUTION: '이 사본에는 풀이가 없다.',
  LAB_WELCOME: '노드에서처럼 명령을 치자. "help"로 목록을 보고 "exit"로 끝낸다. 한 일은 모두 남는다.',
  LAB_BYE: '한 일은 모두 {path} 파일에 남아 있다.',
  LAB_HELP_LAB: '실습: scene, question, answer 질문 선택지(번호만 쳐도 된다), hint, task, grade, reset, exit',
  LAB_HELP_NODE: '노드: {commands}',
  LAB_HELP_MADE_UP:
    '지어낸 것(늘 같다): lsns의 프로세스와 네임스페이스 번호, docker ps의 ID, AGE, 응답 시간.',

  // The emulated shell
  LAB_SH_COMMAND: 'natwalk: 모사 노드가 모르는 명령: "{command}". 아는 명령: {known}',
  LAB_SH_NOT_FOUND:
    '-bash: {command}: command not found\nnatwalk: 모사 노드에 있는 명령은 많지 않다. "help"로 목록을 볼 수 있다.',
  LAB_SH_NEAR: '-bash: {command}: command not found\nnatwalk: 비슷한 명령: {near}',
  LAB_SH_OPTION: 'natwalk: 모사 {command} 명령이 모르는 것: "{option}". 아는 것: {known}',
  LAB_SH_SIGN:
    'natwalk: 모사 셸이 여기서 읽지 못하는 것: "{sign}". 파이프, ; && ||, > /proc/sys/..., 따옴표, $NAME, for 반복을 안다.',
  LAB_SH_FORM: 'natwalk: 모사 {command} 명령이 하지 못하는 것: {form}',
  LAB_SH_UNSURE: 'natwalk: 이 노드만으로는 패킷의 결과를 알 수 없음: {codes}',
  LAB_SH_NO_PACKETS: 'natwalk: 아직 패킷이 없다. tcpdump는 마지막 ping, curl, nc, dig가 보낸 것을 보여 준다.',
  LAB_SH_NOT_SHOWN: 'natwalk: 이 노드의 덤프에 없거나 일부만 있는 것: {what}',
  LAB_SH_NO_LOG:
    'natwalk: 이 노드의 캡처에는 로그가 없다. ipamd가 아는 것은 ip addr, ip rule, ip route show table all, kubectl get pod -o wide에 있다.',
  LAB_SH_NFT: 'natwalk: 목록은 변경 전의 것이다.',
  LAB_SH_JOURNAL: 'natwalk: 이 실습에서 친 줄이 {most}개를 넘었다. "reset"으로 새로 시작할 수 있다.',
};
