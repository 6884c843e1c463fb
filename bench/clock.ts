/** Microseconds of cpu that this process spent on some work: on a busy machine the wall tells more of the others. */
export function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
