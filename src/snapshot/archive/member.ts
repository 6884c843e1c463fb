/** Names of members, and what their links point to. */

/**
 * The name as a path below the archive's top, with `/`; null for one that leaves it. Nothing is ever written, but a name
 * that climbs out is no name that a collector gives.
 */
export function insideName(raw: string): string | null {
  const name = raw.replaceAll('\\', '/');
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || name.includes('\0')) return null;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? null : parts.join('/');
}

/** Does the target of a symbolic link at `name` lie within the archive? */
export function staysInside(name: string, target: string): boolean {
  if (target.startsWith('/') || /^[A-Za-z]:/.test(target)) return false;
  let depth = name.split('/').length - 1;
  for (const part of target.replaceAll('\\', '/').split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return false;
  }
  return true;
}

/** Where members of an archive go. */
export interface Members {
  /** A member is met, whatever it is. @throws LimitReached */
  meet(): void;
  /** Is the content of the regular file of that name wanted? */
  wants(name: string): boolean;
  /** A regular file, in whole. */
  file(name: string, bytes: Buffer): Promise<void>;
  /** A member that is not read. */
  refuse(code: string, name: string, params?: Readonly<Record<string, string | number>>): void;
}
