/** Whether this machine lets the kernel be the judge: root, namespaces, the real tools, a C compiler. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const TOOLS = [
  ...['bash', 'ip', 'sysctl', 'mount', 'unshare', 'nsenter', 'conntrack', 'ipset', 'nft', 'cc'],
  ...['iptables', 'ip6tables'].flatMap((tool) =>
    ['legacy', 'nft'].flatMap((backend) => [`${tool}-${backend}-restore`, `${tool}-${backend}-save`]),
  ),
];

function onPath(tool: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Null when the kernel suite can run, else the reason in words. */
export function whyNoKernel(): string | null {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.getuid?.() !== 0) return 'not root';
  const missing = TOOLS.filter((tool) => !onPath(tool));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  const tried = spawnSync('unshare', ['--mount', '--net', 'true']);
  return tried.status === 0 ? null : 'network namespaces are not allowed here';
}
