/**
 * Writes, when a thread ends, what V8 made of the code that `load.cjs` ran in it. Required before the program by
 * keep-code.mjs. V8 takes kept code back only under the same flags, so those that the program sets while it runs are
 * taken back first.
 */
const { writeFileSync } = require('node:fs');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const vm = require('node:vm');

/** The latest first: src/lib/small-heap.ts, killable-threads.ts, young-objects.ts, python-regex/linear-fallback.ts. */
const UNDONE = [
  '--heap-growing-percent=0',
  '--concurrent-osr',
  '--concurrent-recompilation',
  '--allocation-site-pretenuring',
  '--no-enable-experimental-regexp-engine-on-excessive-backtracks',
];

vm.Script = class extends vm.Script {
  constructor(code, options) {
    super(code, options);
    if (!options.filename.endsWith('.code.cjs')) return;
    const tag = cachedDataVersionTag();
    process.on('exit', () => {
      const undone = [...UNDONE];
      while (cachedDataVersionTag() !== tag) {
        const flag = undone.shift();
        if (flag === undefined)
          return void process.stderr.write(`${options.filename}: other flags, not kept\n`);
        setFlagsFromString(flag);
      }
      writeFileSync(`${options.filename}.${tag.toString(16)}`, this.createCachedData());
    });
  }
};
