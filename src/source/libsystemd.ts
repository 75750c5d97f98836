/**
 * libsystemd's journal reader through koffi, loaded on first use: the few calls that we need, with errors as numbers.
 * Gives undefined where koffi or the library is missing. One handle belongs to one thread; only what
 * `journalHandleCloser` gives may be called from another, and only after that thread is gone.
 */
import { EntryFields, MAX_VALUE_BYTES } from './entry-fields.js';
import type { JournalWhere } from './journal-where.js';

/** SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM: as Fail2Ban; ordinary users' own processes are left out. */
const LOCAL_SYSTEM = 5;

/** A native function; arguments and results are numbers, bigints, strings and buffers as declared. */
type Native = (...values: unknown[]) => unknown;

export interface Libsystemd {
  /** The handle, or a negative errno. */
  open(where: JournalWhere): bigint | number;
  close(handle: bigint): void;
  /** Can be read when files came or went, and some time after entries came. */
  descriptor(handle: bigint): number;
  /** 1 = there is a next entry, 0 = none, negative = errno. */
  next(handle: bigint): number;
  /** The same for one handle, for who asks all the time. */
  asker(handle: bigint): () => number;
  previous(handle: bigint): number;
  /** Looks for rotated files. 0 nothing, 1 appended, 2 files came or went, negative = errno. */
  process(handle: bigint): number;
  seekCursor(handle: bigint, cursor: string): number;
  seekRealtime(handle: bigint, timeUs: number): number;
  seekTail(handle: bigint): number;
  seekHead(handle: bigint): number;
  /** 1 = the current entry is the cursor's. */
  testCursor(handle: bigint, cursor: string): number;
  /** The cursor of the current entry; undefined on error. */
  cursor(handle: bigint): string | undefined;
  /** Microseconds since the epoch (or since boot); NaN on error. */
  realtimeUs(handle: bigint): number;
  monotonicUs(handle: bigint): number;
  /** Reads these fields of the handle's entries, each entry in one walk. */
  fields(handle: bigint, names: readonly string[]): EntryFields;
}

let loaded: Promise<Libsystemd | undefined> | undefined;

/** The library; undefined where koffi or libsystemd cannot be loaded. */
export function loadLibsystemd(): Promise<Libsystemd | undefined> {
  loaded ??= bind().catch(() => undefined);
  return loaded;
}

/**
 * Gives the function that frees the files of a reader whose thread was killed (it does nothing without the library).
 * To be called BEFORE that thread starts: only a library that is loaded here too stays where it is when the thread
 * that loaded it ends, and a handle of a library that was unloaded crashes the process.
 */
export async function journalHandleCloser(): Promise<(handle: bigint) => void> {
  const library = await loadLibsystemd();
  return (handle) => library?.close(handle);
}

async function bind(): Promise<Libsystemd> {
  const { default: koffi } = await import('koffi');
  const library = koffi.load('libsystemd.so.0');
  const c = koffi.load(null);
  // Handles and addresses are passed as integers, results through buffers of our own: no objects per call.
  const fn = (name: string, ...types: string[]): Native => library.func(name, 'int', types);
  const open = fn('sd_journal_open', 'void *', 'int');
  const openNamespace = fn('sd_journal_open_namespace', 'void *', 'str', 'int');
  const openDirectory = fn('sd_journal_open_directory', 'void *', 'str', 'int');
  const openFiles = fn('sd_journal_open_files', 'void *', 'char **', 'int');
  const close: Native = library.func('sd_journal_close', 'void', ['uintptr_t']);
  const next = fn('sd_journal_next', 'uintptr_t');
  const previous = fn('sd_journal_previous', 'uintptr_t');
  const process = fn('sd_journal_process', 'uintptr_t');
  const getFd = fn('sd_journal_get_fd', 'uintptr_t');
  const setThreshold = fn('sd_journal_set_data_threshold', 'uintptr_t', 'size_t');
  const seekCursor = fn('sd_journal_seek_cursor', 'uintptr_t', 'str');
  const seekRealtime = fn('sd_journal_seek_realtime_usec', 'uintptr_t', 'uint64_t');
  const seekTail = fn('sd_journal_seek_tail', 'uintptr_t');
  const seekHead = fn('sd_journal_seek_head', 'uintptr_t');
  const testCursor = fn('sd_journal_test_cursor', 'uintptr_t', 'str');
  const getCursor = fn('sd_journal_get_cursor', 'uintptr_t', 'void *');
  const getRealtime = fn('sd_journal_get_realtime_usec', 'uintptr_t', 'void *');
  const getMonotonic = fn('sd_journal_get_monotonic_usec', 'uintptr_t', 'void *', 'void *');
  const restartData: Native = library.func('sd_journal_restart_data', 'void', ['uintptr_t']);
  const enumerateData = anyOf(
    // Passes over what this build cannot decompress; there since systemd 246.
    () => fn('sd_journal_enumerate_available_data', 'uintptr_t', 'uintptr_t', 'uintptr_t'),
    () => fn('sd_journal_enumerate_data', 'uintptr_t', 'uintptr_t', 'uintptr_t'),
  );
  const copyTo: Native = c.func('memcpy', 'void', ['uintptr_t', 'uintptr_t', 'size_t']);
  const addressOf: Native = c.func('memcpy', 'uintptr_t', ['void *', 'void *', 'size_t']);
  const copy: Native = c.func('memcpy', 'void', ['void *', 'uintptr_t', 'size_t']);
  const length: Native = c.func('strlen', 'size_t', ['uintptr_t']);
  const free: Native = c.func('free', 'void', ['uintptr_t']);

  const out = new BigUint64Array(2);
  const value = Buffer.alloc(MAX_VALUE_BYTES + 128);
  const microseconds = (status: number): number => (status < 0 ? Number.NaN : Number(out[0]));

  return {
    open(where) {
      const status = openAny(where);
      const handle = out[0] ?? 0n;
      if (status < 0) return status;
      setThreshold(handle, MAX_VALUE_BYTES);
      // Asking for the descriptor starts the watch on directories that `process` reads.
      const fd = Number(getFd(handle));
      if (fd >= 0) return handle;
      close(handle);
      return fd;
    },
    close: (handle) => void close(handle),
    descriptor: (handle) => Number(getFd(handle)),
    next: (handle) => Number(next(handle)),
    asker(handle) {
      const number = Number(handle);
      return () => Number(next(number));
    },
    previous: (handle) => Number(previous(handle)),
    process: (handle) => Number(process(handle)),
    seekCursor: (handle, cursor) => Number(seekCursor(handle, cursor)),
    seekRealtime: (handle, timeUs) => Number(seekRealtime(handle, timeUs)),
    seekTail: (handle) => Number(seekTail(handle)),
    seekHead: (handle) => Number(seekHead(handle)),
    testCursor: (handle, cursor) => Number(testCursor(handle, cursor)),
    cursor(handle) {
      if (Number(getCursor(handle, out)) < 0) return undefined;
      const address = out[0] ?? 0n;
      const bytes = Math.min(Number(length(address)), MAX_VALUE_BYTES);
      copy(value, address, bytes);
      free(address);
      return value.toString('latin1', 0, bytes);
    },
    realtimeUs: (handle) => microseconds(Number(getRealtime(handle, out))),
    monotonicUs: (handle) => microseconds(Number(getMonotonic(handle, out, value))),
    fields(handle, names) {
      const number = Number(handle);
      return new EntryFields(names, {
        restart: () => void restartData(number),
        next: (to) => Number(enumerateData(number, to, to + 8)),
        copy: (to, from, bytes) => void copyTo(to, from, bytes),
        // It copies nothing, and gives where it copied it to.
        addressOf: (memory) => Number(addressOf(memory, memory, 0)),
      });
    },
  };

  function openAny(where: JournalWhere): number {
    if (where.kind === 'directory') return Number(openDirectory(out, where.path, 0));
    if (where.kind === 'files') return Number(openFiles(out, [...where.paths, null], 0));
    if (where.namespace === undefined) return Number(open(out, LOCAL_SYSTEM));
    return Number(openNamespace(out, where.namespace, LOCAL_SYSTEM));
  }
}

function anyOf(first: () => Native, second: () => Native): Native {
  try {
    return first();
  } catch {
    return second();
  }
}
