/** Words of the views that are in the form of other tools. */
import type { views as english } from '../en/views.js';
import type { Translated } from '../catalogue.js';

export const views = {
  USAGE_BINARY: {
    text: '-o {format}: 출력이 바이너리인데 표준 출력이 터미널임',
    why: '터미널에서는 캡처의 바이트가 깨져 보이거나 제어 명령으로 해석됩니다',
    do: '`> walk.pcapng`로 파일에 저장하거나 `| tcpdump -nn -r -`처럼 다른 프로그램에 넘기십시오',
  },
  USAGE_ONE_WALK: {
    text: '-o {format}: 패킷 하나의 그림',
    why: '배치의 그림을 이어 붙이면 어떤 프로그램도 그릴 수 없는 파일이 됩니다',
    do: '--from과 --to로 패킷을 주거나 다른 형식을 고르십시오',
  },
} as const satisfies Translated<typeof english>;
