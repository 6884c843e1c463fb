/** The locale, for what has to be quick: no catalogue is needed to know it. */

/** Korean by a locale's name: ko, ko_KR.UTF-8, ko-KR, and glibc's alias "korean"; kok is another language. */
const KOREAN = /^ko(?:rean)?(?![a-z])/i;

/** Is it Korean for messages? The first of LC_ALL, LC_MESSAGES and LANG that is set decides (locale(7)). */
export function isKoreanLocale(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((name) => (name ?? '') !== '');
  return KOREAN.test(locale ?? '');
}
