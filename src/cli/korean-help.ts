/**
 * Help in Korean: what the command tree says in English, and the same in Korean. The English words are the keys, blanks and
 * line feeds among them being one blank; a test sees to it that none is missing and none left over.
 */
export const KOREAN_HELP: Readonly<Record<string, string>> = {
  // Titles
  '[options]': '[옵션]',
  '[command]': '[명령]',
  'Usage:': '사용법:',
  'Arguments:': '인자:',
  'Options:': '옵션:',
  'Commands:': '명령:',
  'Example:': '예:',

  // The whole
  "Reads a Linux node's dumps and tells what its kernel will do with a packet, and why.":
    'Linux 노드의 덤프를 읽고, 그 노드의 커널에서 패킷이 어떻게 되는지와 그 이유를 보여 줍니다.',
  'print the version': '버전을 출력',
  'print help': '도움말을 출력',
  'language of the words: en or ko (that of the locale)': '말의 언어: en 또는 ko (로캘의 언어)',
  'colour: auto, always or never': '색: auto, always, never',
  'the same as -o json': '-o json과 같음',
  'as one JSON object': 'JSON 객체 하나로 출력',
  'snapshot of the node': '노드의 스냅샷',
  'exit with status 3 when an outcome rests on an assumption': '결과가 가정에 달려 있으면 종료 상태 3',

  // A packet
  'source; left out, the node selects it for a local process':
    '출발지. 빼면 노드가 로컬 프로세스의 것으로 고름',
  'destination; both may be pod:NAME[:PORT], svc:NAME[:PORT] or node:NAME':
    '목적지. 둘 다 pod:NAME[:PORT], svc:NAME[:PORT], node:NAME도 됨',
  'protocol: tcp (default), udp, icmp, icmpv6, sctp, ... or a number':
    '프로토콜: tcp (기본), udp, icmp, icmpv6, sctp, ... 또는 번호',
  'interface that the packet comes in by': '패킷이 들어오는 인터페이스',
  'a process of this node sends it': '이 노드의 프로세스가 보냄',
  'mark that it has already (0x80)': '이미 가진 mark (0x80)',
  'the whole TOS or traffic class byte': 'TOS 또는 traffic class 바이트 전체',
  'TTL or hop limit (64)': 'TTL 또는 hop limit (64)',
  'IP total length': 'IP 전체 길이',
  'SYN (default), SYN,ACK, ... or NONE': 'SYN (기본), SYN,ACK, ... 또는 NONE',
  'ICMP type and code (echo request)': 'ICMP 유형과 코드 (echo request)',
  'ICMP echo id': 'ICMP echo의 id',
  'user of the sending process': '보내는 프로세스의 사용자',
  'group of the sending process': '보내는 프로세스의 그룹',
  'interface that the sending socket is bound to': '보내는 소켓이 묶인 인터페이스',
  'whether the sending UDP socket is connected': '보내는 UDP 소켓이 connect된 것인지',
  'conntrack state: new, established, related, untracked, invalid':
    'conntrack 상태: new, established, related, untracked, invalid',

  // trace
  'Walks a packet through a node as its kernel would, and says why.':
    '패킷이 노드를 지나는 길을 커널과 같은 순서로 따라가고, 그 이유를 보여 줍니다.',
  'what becomes of a packet, and why': '패킷이 어떻게 되는지와 그 이유',
  'walk the answer too': '응답도 따라감',
  'walk the packets of the whole connection, and say which never saw the nat table':
    '연결의 패킷을 차례로 따라가고, nat 테이블을 거치지 않은 것을 말함',
  'an open rule matches or not: nat/CUSTOM:3=no (repeatable)':
    '미정인 규칙의 일치 여부를 정함: nat/CUSTOM:3=no (여러 번 가능)',
  'an open rule of a node matches or not: worker-1:nat/X:3=no (repeatable)':
    '노드에서 미정인 규칙의 일치 여부를 정함: worker-1:nat/X:3=no (여러 번 가능)',
  'the endpoint that chance draws: a pod, IP or IP:PORT': '확률로 뽑히는 엔드포인트: 파드, IP 또는 IP:PORT',
  'draw which way chance takes, by SplitMix64: the same seed, the same way':
    '확률로 갈리는 길을 SplitMix64로 뽑음: 같은 seed는 같은 길',
  'as if the rule were not there: nat/X:2, rule/1024 (repeatable)':
    '그 규칙이 없는 것처럼: nat/X:2, rule/1024 (여러 번 가능)',
  'as if it had the rule of another node: ../good:nat/X:2 (repeatable)':
    '다른 노드의 규칙이 있는 것처럼: ../good:nat/X:2 (여러 번 가능)',
  'as if it were so: sysctl.net.ipv4.ip_forward=0 (repeatable)':
    '그 값인 것처럼: sysctl.net.ipv4.ip_forward=0 (여러 번 가능)',
  'walk the packets of a JSON lines file (- for standard input)':
    'JSON Lines 파일의 패킷을 모두 따라감 (-는 표준 입력)',
  'walk a batch by so many threads; results keep their order (1)':
    '여러 스레드로 배치를 처리. 결과의 순서는 그대로 (1)',
  'text, wide, summary, minimal, json, trace, conntrack, tcpdump, pcap, counters, mermaid, dot':
    'text, wide, summary, minimal, json, trace, conntrack, tcpdump, pcap, counters, mermaid, dot',
  'answer (-o summary), walk (-o text) or full (walk and --all-rules)':
    'answer (-o summary), walk (-o text), full (walk와 --all-rules)',
  'show the rules that did not match, each with its reason': '일치하지 않은 규칙을 이유와 함께 보여 줌',
  'the steps of each walk in the JSON of a batch too': '배치의 JSON에도 경로의 단계를 넣음',
  "NODE is a folder of dumps, an archive (tar, tar.gz, zip), one file, or - for standard input. Of several nodes in it, NODE#name is one; natwalk nodes NODE lists them. Without --in and --local, a source address of the node's own is a local process; any other comes in by the interface that the node routes that source to, and the header line says so. --seed draws among rules; the port or address of a range that NAT takes is the kernel's choice, and stays a range. --with takes a rule of another snapshot, NODE:RULE, to the same place; @N or @CHAIN:N names another. Exit status: 0 done; 1 a batch line failed; 2 bad usage or unreadable snapshot; 3 --strict.": `
NODE는 덤프가 든 폴더, 아카이브(tar, tar.gz, zip), 파일 하나 또는 표준 입력(-)입니다.
노드가 여럿이면 NODE#name이 그 가운데 하나이고, natwalk nodes NODE로 목록을 봅니다.
--in과 --local이 없으면, 노드 자신의 출발지 주소는 로컬 프로세스의 것이고, 다른 주소는 노드가 그 출발지로
route하는 인터페이스로 들어옵니다. 첫 줄에 그렇게 표시됩니다.
--seed는 규칙 사이에서 뽑습니다. NAT가 범위에서 고르는 포트와 주소는 커널만 알기 때문에 범위로 남습니다.
--with는 다른 스냅샷의 규칙(NODE:RULE)을 같은 자리에 넣습니다. 다른 자리는 @N 또는 @CHAIN:N입니다.

종료 상태: 0 완료, 1 배치의 한 줄이 실패, 2 잘못된 사용법 또는 읽을 수 없는 스냅샷, 3 --strict.`,

  // why
  'Walks a packet and says of one rule what became of it, condition by condition.':
    '패킷을 따라가며 규칙 하나가 어떻게 되었는지 조건마다 보여 줍니다.',
  'why a rule matched, did not match, or was not reached':
    '규칙이 일치했거나, 불일치했거나, 도달하지 않은 이유',
  'the rule: nat/POSTROUTING:1, rule/1024': '규칙: nat/POSTROUTING:1, rule/1024',
  'look at the walk of the answer too': '응답의 경로도 봄',
  'A rule is TABLE/CHAIN:N, CHAIN:N where that is one rule, FAMILY TABLE CHAIN:N of a native nftables table (ip aws-cni snat-mark:1), or rule/PRIORITY of ip rule (rule/1024; rule/512:2 is the second of several).': `
규칙은 TABLE/CHAIN:N, 하나뿐이면 CHAIN:N, 독자적인 nftables 테이블에서는 FAMILY TABLE CHAIN:N
(ip aws-cni snat-mark:1), ip rule에서는 rule/PRIORITY(rule/1024. rule/512:2는 여러 개 가운데 둘째)입니다.`,

  // check
  'Walks the packets of spec files and holds the outcomes against what they expect.':
    '스펙 파일의 패킷을 따라가고, 결과를 기대와 견줍니다.',
  'regression tests of a rule set': '규칙 세트의 회귀 테스트',
  'spec files (YAML)': '스펙 파일 (YAML)',
  'text, tap, junit, json or github': 'text, tap, junit, json, github',
  'the same as -o': '-o와 같음',
  'run one of n slices of the suite': '전체를 n으로 나눈 것 가운데 하나를 실행',
  'run by so many threads; results keep their order (1)': '여러 스레드로 실행. 결과의 순서는 그대로 (1)',
  'write golden files instead of comparing with them': '골든 파일과 견주지 않고 새로 씀',
  'run again whenever a spec or a node changes': '스펙이나 노드가 바뀔 때마다 다시 실행',
  'rules that no packet matched: text, lcov or json': '어떤 패킷도 일치하지 않은 규칙: text, lcov, json',
  'write the coverage to a file': '커버리지를 파일에 씀',
  'A spec names its node and what is expected of packets; schema/check.schema.json is for editors. With --coverage lcov or json the coverage is on standard output, and the report on standard error. Exit status: 0 every check passed; 1 one failed, or there is none; 2 a faulty spec or bad usage.': `
스펙에는 노드와 패킷에 대한 기대를 씁니다. 편집기를 위한 schema/check.schema.json이 있습니다.
--coverage lcov 또는 json이면 커버리지는 표준 출력에, 보고는 표준 오류에 나옵니다.

종료 상태: 0 모두 통과, 1 하나라도 실패했거나 검사가 없음, 2 잘못된 스펙 또는 사용법.`,

  // diff
  'Finds packets that two nodes treat differently, by cause, each with its smallest packet.':
    '두 노드에서 다르게 처리되는 패킷을 원인별로 찾고, 각각 가장 단순한 패킷을 보여 줍니다.',
  'packets that two nodes treat differently': '두 노드에서 다르게 처리되는 패킷',
  'snapshot of a node': '한 노드의 스냅샷',
  'snapshot of another, or of the same later': '다른 노드 또는 같은 노드의 나중 스냅샷',
  'walk the packets of a JSON lines file instead (- for standard input)':
    '대신 JSON Lines 파일의 패킷을 따라감 (-는 표준 입력)',
  'how many packets are walked at most (10000)': '따라갈 패킷의 최대 수 (10000)',
  'how many causes are shown at most (20)': '보여 줄 원인의 최대 수 (20)',
  'text, minimal or json': 'text, minimal, json',
  "A and B are nodes, or one node before and after a change. Packets are made of what both have in their listings: each constant, its neighbours and fresh values, those around what differs first; each packet's answer is walked too. Exit status: 0 no packet is treated differently; 1 some are; 2 bad usage, an unreadable snapshot or packet line; 3 --strict, and nothing but assumptions tells the nodes apart.": `
A와 B는 두 노드 또는 바꾸기 전과 후의 한 노드입니다. 패킷은 두 노드의 목록에 있는 것으로 만듭니다: 상수마다
그 값, 이웃한 값, 새로운 값을 쓰고, 서로 다른 곳의 것을 먼저 씁니다. 각 패킷의 응답도 따라갑니다.

종료 상태: 0 다르게 처리되는 패킷 없음, 1 있음, 2 잘못된 사용법 또는 읽을 수 없는 스냅샷이나 패킷 줄,
3 --strict이고 두 노드의 차이가 가정뿐임.`,

  // path
  'Walks a packet from node to node, through tunnels, gateways and load balancers, and its answer back.':
    '패킷을 노드에서 노드로, 터널, 게이트웨이, 로드 밸런서를 지나 따라가고, 응답이 돌아오는 길도 따라갑니다.',
  'the way across nodes and the network between them, and back':
    '노드들과 그 사이 네트워크를 지나는 길과 돌아오는 길',
  'cluster file': '클러스터 파일',
  'text, json or mermaid': 'text, json, mermaid',
  "CLUSTER is a YAML file that names the nodes' snapshots and the network between them. --from is pod:NAME, node:NAME, outside or IP[:PORT]; --to may be svc:NAME, nlb:NAME or a DNS name of the file, too. Exit status: 0 done; 2 bad usage, a faulty cluster or an unreadable snapshot; 3 --strict.": `
CLUSTER는 노드들의 스냅샷과 그 사이의 네트워크를 적은 YAML 파일입니다.
--from은 pod:NAME, node:NAME, outside, IP[:PORT]이고, --to는 svc:NAME, nlb:NAME, 파일에 있는 DNS 이름도 됩니다.

종료 상태: 0 완료, 2 잘못된 사용법이나 클러스터 또는 읽을 수 없는 스냅샷, 3 --strict.`,

  // capacity
  'Says how many pods fit on a node of the AWS VPC CNI, and which ENI and table each has.':
    'AWS VPC CNI 노드에 파드가 몇 개 들어가는지, 각 파드의 ENI와 테이블이 무엇인지 보여 줍니다.',
  'how many pods an instance type can hold': '인스턴스 유형에 들어가는 파드의 수',
  'EC2 instance type': 'EC2 인스턴스 유형',
  'each slot holds a /28 (ENABLE_PREFIX_DELEGATION)': '자리마다 /28 하나 (ENABLE_PREFIX_DELEGATION)',
  'the primary ENI has no pods': '기본 ENI에 파드 없음',
  'where the pod of that number is': '그 번호의 파드가 있는 곳',
  'Exit status: 0 done; 2 an unknown type or bad usage.':
    '\n종료 상태: 0 완료, 2 알 수 없는 유형 또는 잘못된 사용법.',

  // lab
  'Exercises of a Kubernetes networking week, on emulated nodes that answer the real commands.':
    '쿠버네티스 네트워크 스터디의 실습. 실제 명령에 답하는 모의 노드에서 합니다.',
  'exercises on emulated nodes, graded by packets': '모의 노드에서 하는 실습. 패킷으로 채점',
  'list, start, answer, hint, fix, grade, reset, progress, check or bundle':
    'list, start, answer, hint, fix, grade, reset, progress, check, bundle',
  'what the verb is about': '동사의 대상',
  'the lab that is meant (the one that was begun last)': '대상 실습 (마지막으로 시작한 실습)',
  'where the labs are (those that come with natwalk)': '실습이 있는 곳 (natwalk에 들어 있는 것)',
  'where progress is kept': '진도를 저장하는 곳',
  'draws the question of transfer, and what the kernel draws': '응용 문제와 커널이 뽑는 것을 정함',
  'start: read lines from standard input as if they were typed': 'start: 표준 입력의 줄을 입력한 것처럼 읽음',
  'fix: show a solution; all hints count as used': 'fix: 풀이를 보여 줌. 힌트를 모두 쓴 것으로 침',
  'text, json or junit': 'text, json, junit',
  'bundle: with solutions': 'bundle: 풀이 포함',
  'bundle: without': 'bundle: 풀이 제외',
  "Verbs: list the labs, and what was reached in each start LAB begins or goes on; at a terminal with a prompt like the node's answer QUESTION ANSWER answers a question: a choice, a rule (nat/CHAIN:2, rule/1024) or a word hint the next hint, which costs points fix 'COMMAND' | - types a command on the node (- reads them from standard input) fix the task; fix --solution shows a solution grade what it is worth: text, json or junit reset begins the lab anew; the best score is kept progress the same as list check [LAB...] has a robot work on labs, for their authors bundle DIR a copy for --student (sealed answers, no solutions) or --teacher LAB is a number or a name. Progress is kept in $XDG_STATE_HOME/natwalk/labs.json. Exit status: 0 done, passed, right; 1 not passed, not right, a command failed; 2 bad usage.": `
동사:
  list                     실습 목록과 각 실습의 점수
  start LAB                시작하거나 이어 함. 터미널에서는 노드의 것과 같은 프롬프트
  answer QUESTION ANSWER   질문에 답함: 보기, 규칙(nat/CHAIN:2, rule/1024) 또는 낱말
  hint                     다음 힌트. 점수가 깎임
  fix 'COMMAND' | -        노드에서 명령을 실행 (-는 표준 입력에서 읽음)
  fix                      과제. fix --solution은 풀이를 보여 줌
  grade                    점수: text, json, junit
  reset                    실습을 처음부터 시작. 가장 좋은 점수는 남음
  progress                 list와 같음
  check [LAB...]           로봇이 실습을 풀어 봄. 실습을 만드는 사람을 위한 것
  bundle DIR               --student(봉인된 답, 풀이 없음) 또는 --teacher용 사본

LAB은 번호나 이름입니다. 진도는 $XDG_STATE_HOME/natwalk/labs.json에 저장됩니다.

종료 상태: 0 완료, 통과, 정답, 1 미통과, 오답, 명령 실패, 2 잘못된 사용법.`,

  // show, doctor, lint, collect, nodes, explain
  "Prints what was read back in the tools' own canonical form.":
    '읽은 것을 도구들의 표준 형식으로 다시 출력합니다.',
  'what was read from a snapshot': '스냅샷에서 읽은 것',
  'counts only': '개수만',
  'Says what was recognised, which questions it answers, and which command adds what is missing.':
    '무엇을 알아보았는지, 어떤 질문에 답할 수 있는지, 빠진 것을 어떤 명령으로 더하는지 말합니다.',
  'what a snapshot is good for, and what is missing': '스냅샷의 쓸모와 빠진 것',
  'Looks for rules and routes that do not do what they say, and for the known faults of CNIs; each is shown by a packet.':
    '쓰인 대로 되지 않는 규칙과 route, 그리고 CNI의 알려진 결함을 찾고, 각각을 패킷으로 보여 줍니다.',
  'faults in the rule sets, each with a packet that shows it': '규칙 세트의 결함과 그것을 보이는 패킷',
  'text, json or github (annotations)': 'text, json, github (주석)',
  'Exit status: 0 notes at most; 1 errors or warnings; 2 bad usage or unreadable snapshot.':
    '\n종료 상태: 0 참고뿐, 1 오류 또는 경고, 2 잘못된 사용법 또는 읽을 수 없는 스냅샷.',
  'Prints a POSIX shell script that only reads, for a node without natwalk.':
    'natwalk가 없는 노드에서 쓸, 읽기만 하는 POSIX 셸 스크립트를 출력합니다.',
  'a script that gathers a snapshot on a node': '노드에서 스냅샷을 모으는 스크립트',
  'gather every named network namespace too': '이름 있는 네트워크 네임스페이스도 모두 모음',
  'leave out the entries of connection tracking': 'conntrack 항목을 제외',
  'Lists the nodes that a snapshot holds; each can be asked about as FILE#name.':
    '스냅샷에 든 노드의 목록을 보여 줍니다. 각 노드는 FILE#name으로 가리킵니다.',
  'the nodes that a transcript or bundle holds': '터미널 기록이나 번들에 든 노드',
  'transcript, folder or archive': '터미널 기록, 폴더 또는 아카이브',
  'a JSON object per node and line': '노드마다 한 줄의 JSON 객체',
  'Says what a code of an error, a warning or an assumption means.':
    '오류, 경고, 가정의 코드가 무슨 뜻인지 말합니다.',
  'what a code means': '코드의 뜻',
  'the code as it was printed': '출력된 그대로의 코드',

  // ui, completion
  'Serves the page on 127.0.0.1, to this machine alone, until Ctrl-C.':
    'Ctrl-C를 누를 때까지 127.0.0.1에서, 이 컴퓨터에만 페이지를 엽니다.',
  'the page: watch the packet walk, in the browser': '페이지: 패킷이 가는 길을 브라우저에서 봄',
  'folder, archive or file of dumps': '덤프가 든 폴더, 아카이브 또는 파일',
  'port to listen on (any that is free)': '여는 포트 (비어 있는 아무 포트)',
  'begin with a lab, by its number or its name': '번호나 이름으로 고른 실습에서 시작',
  'print the address, and open no browser': '주소만 출력하고 브라우저를 열지 않음',
  'NODE is as for trace; left out, the page shows its sample node, and takes what is pasted or dropped. The page has the labs of natwalk lab, too: --lab 6 begins there. Nothing leaves this machine: the page makes no request once it is loaded. Exit status: 0 ended; 2 bad usage, an unreadable snapshot or a port that is taken.': `
NODE는 trace에서와 같습니다. 빼면 페이지가 예제 노드를 보여 주고, 붙여 넣거나 끌어 놓은 것을 받습니다.
페이지에는 natwalk lab의 실습도 있습니다: --lab 6은 그 실습에서 시작합니다.
아무것도 이 컴퓨터를 떠나지 않습니다: 페이지는 열린 뒤에 요청을 보내지 않습니다.

종료 상태: 0 끝남, 2 잘못된 사용법, 읽을 수 없는 스냅샷 또는 이미 쓰이는 포트.`,
  'Prints a script for bash, zsh or fish that completes commands, options and the names of a node.':
    '명령, 옵션, 노드의 이름을 자동 완성하는 bash, zsh, fish 스크립트를 출력합니다.',
  'a script that completes words in a shell': '셸의 자동 완성 스크립트',
  'bash, zsh or fish': 'bash, zsh, fish',
};
