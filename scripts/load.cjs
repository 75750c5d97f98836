/**
 * Runs the code beside a file of the program that was put together. Where V8's own form of it was kept (keep-code.mjs), it
 * need not be compiled: a third of a start. V8 itself refuses what is of another version, processor or set of flags.
 */
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { fileURLToPath } = require('node:url');
const { cachedDataVersionTag } = require('node:v8');
const vm = require('node:vm');

/** `url`: of the file; its code lies in `….code.cjs`, what V8 made of it in `….code.cjs.TAG`. */
module.exports = function load(url) {
  const path = fileURLToPath(url).replace(/\.js$/, '.code.cjs');
  const code = `(function (exports, require, module, __filename, __dirname) {${readFileSync(path, 'latin1')}\n})`;
  const script = new vm.Script(code, { filename: path, cachedData: keptCode(path) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
};

function keptCode(path) {
  try {
    return readFileSync(`${path}.${cachedDataVersionTag().toString(16)}`);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
