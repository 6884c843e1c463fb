/** Compiled code is kept between runs where Node can do that (22.8 and later): a command starts sooner. */
import module from 'node:module';

/** Node's module API as far as it is used here; older releases lack it. */
interface CompileCache {
  readonly enableCompileCache?: () => unknown;
  readonly builtinModules: readonly string[];
}

/** Turns the cache on; does nothing on a Node without it. */
export function enableCompileCache(): void {
  const api: CompileCache = module;
  api.enableCompileCache?.();
}
