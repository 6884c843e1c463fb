/** The version, put in by the bundler. */
declare const NATWALK_VERSION: string | undefined;

/** Version of the package; `dev` when run from its sources. */
export const version: string = typeof NATWALK_VERSION === 'string' ? NATWALK_VERSION : 'dev';
