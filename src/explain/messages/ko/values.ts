/** Korean for what code gives as a parameter in English words. Kernel words, names and numbers stay as they are. */

const ANSWERS: Readonly<Record<string, string>> = {
  yes: '예',
  no: '아니요',
  none: '없음',
  continue: '계속',
  accept: 'ACCEPT',
  drop: 'DROP',
  'something that is not shown': '목록에 나오지 않은 값',
};

const HAS: Readonly<Record<string, string>> = { none: '없음', missing: '없음', 'not given': '지정 없음' };

/** By the parameter's name. */
const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  answer: ANSWERS,
  has: HAS,
  wanted: { set: '1', clear: '0' },
  what: { group: '보조 그룹', 'packet type': '패킷 유형', length: '길이' },
  kind: {
    pod: '파드',
    svc: '서비스',
    service: '서비스',
    node: '노드',
    socket: '소켓',
    'bound socket': '주소에 묶인 소켓',
    'transparent socket': 'transparent 소켓',
    'transparent bound socket': '주소에 묶인 transparent 소켓',
    'a packet trace': '패킷 추적 로그',
    'a script': '스크립트',
    'a log': '로그',
    "Cilium's BPF maps": 'Cilium의 BPF map',
    'ss or netstat': 'ss 또는 netstat',
  },
  reason: {
    'it shows the whole table': '테이블 전체를 보여 줌',
    'it is in the form of a save, which shows more of each rule than -L':
      'save 형식이라 -L보다 규칙을 더 자세히 보여 줌',
    'it comes first': '먼저 나옴',
    'it comes later': '나중에 나옴',
    'it shows more': '더 많이 보여 줌',
    'it shows more rules': '규칙이 더 많음',
    'it ends early': '중간에서 끝남',
    'its packed bytes are wrong': '압축된 바이트가 잘못됨',
    'it is nested too deeply': '너무 깊이 중첩됨',
    damaged: '손상됨',
    'no file in it is a text': '텍스트 파일이 하나도 없음',
    'it is not JSON': 'JSON이 아님',
    'it is not a JSON object': 'JSON 객체가 아님',
  },
};

/** Forms of a field of a batch line. */
const FIELD_FORMS: Readonly<Record<string, string>> = {
  text: '텍스트',
  'a whole number': '정수',
  'text or a whole number': '텍스트 또는 정수',
  'text or null': '텍스트 또는 null',
  'true or false': 'true 또는 false',
  'a list of names': '이름의 목록',
  'an object': '객체',
};

/** Why a field of a batch line is refused; the text itself where it says something else. */
function fieldReason(value: string): string {
  const [, outer = '', name = '', form] =
    /^((?:inner: )*)("\w+") (?:must be (.+)|is missing)$/.exec(value) ?? [];
  if (name === '') return value;
  return form === undefined ? `${outer}${name} 누락` : `${outer}${name} 형식: ${FIELD_FORMS[form] ?? form}`;
}

/** A table or chain at a hook, as questions name it. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^table (.+) of (iptables-\w+)$/, '$2의 $1 테이블'],
  [/^chain (.+)$/, '체인 $1'],
];

function placeOf(value: string): string {
  return PLACES.reduce((text, [form, words]) => text.replace(form, words), value);
}

/** The Korean words of a parameter's value. */
export function koreanValue(name: string, value: string): string {
  const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  if (words !== undefined && Object.hasOwn(words, value)) return words[value] ?? value;
  if (name === 'reason') return fieldReason(value);
  if (name === 'first' || name === 'second') return placeOf(value);
  // Conditions are told to be inverted as iptables writes it.
  if (name === 'wanted') return value.replace(/^not /, '! ').replace(/ alone$/, ' (그것만)');
  return value;
}
