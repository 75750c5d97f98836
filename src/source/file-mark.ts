/**
 * How a log file is known again: its inode and a hash of its first bytes (inodes are reused, device numbers change).
 * Takes an open descriptor or the kept text; gives marks and the place made of them, oldest file first.
 */
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { Place } from './lines.js';

/** How many of the first bytes are compared. */
export const HEAD_BYTES = 256;

export interface FileMark {
  readonly inode: number;
  /** Hash of the first `headBytes` bytes. */
  readonly head: string;
  readonly headBytes: number;
  /** After the last whole line that was handed on. */
  readonly offset: number;
}

/** Rotation leaves several files to go on with: the old one's rest, then the new one. */
export function formatFilePlace(marks: readonly FileMark[]): Place {
  return JSON.stringify(marks.map((mark) => [mark.inode, mark.head, mark.headBytes, mark.offset]));
}

/** The marks of a kept text; none where it is unreadable. */
export function parseFilePlace(text: Place | undefined): FileMark[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.flatMap(markOf) : [];
  } catch {
    return [];
  }
}

function markOf(value: unknown): FileMark[] {
  if (!Array.isArray(value)) return [];
  const [inode, head, headBytes, offset]: unknown[] = value;
  if (typeof inode !== 'number' || typeof head !== 'string') return [];
  if (typeof headBytes !== 'number' || typeof offset !== 'number') return [];
  return headBytes < 0 || headBytes > HEAD_BYTES || offset < 0 ? [] : [{ inode, head, headBytes, offset }];
}

/** The first bytes of an open file, up to `bytes` of them. */
export function readHead(descriptor: number, bytes: number): Buffer {
  const head = Buffer.alloc(bytes);
  return head.subarray(0, readSync(descriptor, head, 0, bytes, 0));
}

export function hashHead(head: Buffer): string {
  return createHash('sha256').update(head).digest('base64').slice(0, 16);
}

/** Whether an open file with this inode is the marked one, no shorter than it was. */
export function isMarked(mark: FileMark, descriptor: number, inode: number, size: number): boolean {
  if (inode !== mark.inode || size < mark.offset) return false;
  return hashHead(readHead(descriptor, mark.headBytes)) === mark.head;
}
