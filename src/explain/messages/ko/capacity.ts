/** `natwalk capacity`: how many pods an instance type can hold. */
import type { capacity as english } from '../en/capacity.js';
import type { Translated } from '../catalogue.js';

export const capacity = {
  CAPACITY_UNKNOWN_TYPE: {
    text: '표에 없는 인스턴스 타입: "{type}"',
    why: '표에는 타입 {count}개가 있습니다. 다른 타입은 aws ec2 describe-instance-types로 확인할 수 있습니다',
    do: '다음 중 하나를 지정합니다: {near}',
  },
  CAPACITY_NOT_NITRO: {
    text: '{type}: 접두사를 쓸 수 없는 타입',
    why: '접두사는 Nitro 인스턴스의 ENI에만 할당할 수 있고, {type}에는 할당할 수 없습니다',
    do: '--prefix-delegation을 빼거나 t3, m5 같은 Nitro 타입을 지정합니다',
  },
  CAPACITY_PODS: '{type}: 파드 {pods}개',
  CAPACITY_TYPE: 'vCPU {vcpus}개, ENI {enis}개, ENI마다 주소 {addresses}개',
  CAPACITY_HOST: '그중 {host}개는 호스트 네트워크(aws-node, kube-proxy), {own}개는 자기 주소',
  CAPACITY_CEILING:
    '주소로는 {most}개까지 가능. AWS 권장 최대값은 {ceiling}(vCPU {vcpus}개)이고, maxPods를 넘는 파드는 Pending',
  CAPACITY_TABLE_HEAD: '테이블',
  CAPACITY_SLOTS_HEAD: '슬롯',
  CAPACITY_POD_HEAD: '파드',
  CAPACITY_PODS_NONE: '없음',
  CAPACITY_POD_ON: '파드 {pod}: ENI {device}, 슬롯 {slot}, ip rule "from POD lookup {table}"',
  CAPACITY_POD_MAIN: '파드 {pod}: ENI 0, 슬롯 {slot}, 테이블 main, 파드만의 policy rule 없음',
  CAPACITY_POD_ADDRESSES: '파드 {pod}: Pending(Too many pods). 파드가 쓸 주소는 {own}개',
  CAPACITY_POD_CEILING: '파드 {pod}: Pending(Too many pods). maxPods는 {pods}',
  CAPACITY_ORDER: 'ENI가 차례로 찬다고 보고 센 값. 빈 주소가 있는 ENI가 여럿이면 ipamd는 아무것이나 고름.',
  CAPACITY_SOURCE: '한도의 출처: {source}.',
} as const satisfies Translated<typeof english>;
