import type { Plugin } from 'peggy';

/** Makes parsers of the same grammar that make no values which nothing uses. */
declare const plugin: Plugin;
export default plugin;
