/**
 * Where a file of this program lies that is started as a thread or a process: in dist/src or, put together, in dist/app.
 * Takes its path from there, `jail/hear-worker.js`.
 */

/** This file lies in a folder of that one, and so does the part that holds it once it is put together. */
export function codeUrl(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}
