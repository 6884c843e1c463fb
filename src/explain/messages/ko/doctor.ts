/** `natwalk doctor`: what a snapshot is good for. */
import type { doctor as english } from '../en/doctor.js';
import type { Translated } from '../catalogue.js';

export const doctor = {
  DOCTOR_READ: '읽은 것',
  DOCTOR_NOTHING: 'natwalk가 아는 것 없음',
  DOCTOR_LINES: '{lines}줄',
  DOCTOR_PARTIAL: '필터링됨',
  DOCTOR_BY: '명령: {command}',
  DOCTOR_QUESTIONS: '질문',
  DOCTOR_ANSWERED: '답할 수 있음',
  DOCTOR_ASSUMED: '빠진 것에 따라 달라짐:',
  DOCTOR_MIXTURE: '혼용',
  DOCTOR_FINDINGS: '진단',
  DOCTOR_FINDINGS_NONE: '없음',
  DOCTOR_STALE_HEAD: '시점 불일치',
  DOCTOR_STALE:
    'route에 나오는 인터페이스 {device}: ip addr 출력에 없음. 이미 사라졌거나 덤프의 시점이 서로 다름',
  DOCTOR_ADD: '추가할 것: {command}',

  DOCTOR_Q_egress: '패킷이 어느 인터페이스와 게이트웨이로 나가는가',
  DOCTOR_Q_source: '어떤 주소로 나가는가',
  DOCTOR_Q_passes: '통과하는가',
  DOCTOR_Q_sets: 'IP set에 들어 있는가',
  DOCTOR_Q_established: '어느 연결에 속하는가',

  DOCTOR_RULES: 'IPv{family} policy rule 목록',
  DOCTOR_ROUTES: 'IPv{family} 라우팅 테이블: {tables}',
  DOCTOR_LINKS: 'IPv{family} 주소',
  DOCTOR_TABLES: 'IPv{family} iptables 테이블: {tables}',
  DOCTOR_LEGACY: '다른 쪽 iptables (legacy/nft)',
  DOCTOR_NFT: '독자적인 nftables 테이블',
  DOCTOR_SYSCTL: '설정 (포워딩, rp_filter)',
  DOCTOR_SETS: '규칙이 검사하는 IP set',
  DOCTOR_CONNTRACK: 'conntrack 항목',
} as const satisfies Translated<typeof english>;
