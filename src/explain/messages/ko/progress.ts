/** 얼마나 진행되었는지 알리는 줄의 말. */
import type { Translated } from '../catalogue.js';
import type { progress as english } from '../en/progress.js';

export const progress: Translated<typeof english> = {
  PROGRESS_READING: '읽는 중: {path} ...',
  PROGRESS_READING_TEXT: '읽는 중: {path}, {megabytes} MB ...',
  PROGRESS_BATCH: '처리한 패킷: {count}',
  PROGRESS_CHECK: '끝난 검사: {all} 중 {count}',
  PROGRESS_DIFF: '두 노드에서 처리한 패킷: {count}',
  PROGRESS_LINT: '결함을 보여 줄 패킷을 찾는 중, 처리한 패킷: {count}',
};
