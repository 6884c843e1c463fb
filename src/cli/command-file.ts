/** Puts in the bundled command's own file. */
declare const NATWALK_COMMAND: string | undefined;

/** The file that worker threads load; null when run from its sources, where all is walked by one thread. */
export const commandFile: string | null = typeof NATWALK_COMMAND === 'string' ? NATWALK_COMMAND : null;
