/** Words of `natwalk ui`. */
import type { ui as english } from '../en/ui.js';
import type { Translated } from '../catalogue.js';

export const ui = {
  UI_SERVING: '페이지 주소: {url}',
  UI_END: '이 명령이 실행되는 동안 이 컴퓨터에만 응답함. Ctrl-C로 끝냄.',
  UI_NO_PAGE: {
    text: '이 명령 옆에 페이지가 없음',
    why: '페이지는 패키지와 npm run build의 결과에는 있지만, 파일 하나로 된 명령에는 없습니다',
    do: 'npx natwalk ui 명령을 쓰십시오',
  },
  UI_PORT_TAKEN: {
    text: '--port: {port}번 포트를 열 수 없음 ({reason})',
    why: '다른 프로그램이 쓰고 있거나 권한이 없는 포트입니다',
    do: '--port 없이 실행하면 비어 있는 포트를 고릅니다',
  },
} as const satisfies Translated<typeof english>;
