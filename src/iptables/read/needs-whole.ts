/** Why a dump of which only some chains are read is read as a whole after all. */

/** Something is to be told of what was read, or so much of it is asked for that all of it is read sooner. */
export class NeedsWhole extends Error {
  override readonly name = 'NeedsWhole';
}
