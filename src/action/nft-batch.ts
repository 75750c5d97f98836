/**
 * Changes of elements as one transaction of nf_tables: the same that `changeElements` says in nft's language.
 * Takes changes of sets of the table inet bailiff; gives the bytes and the number of the message that is acknowledged.
 * Does not send. Format: linux/netfilter/nfnetlink.h and nf_tables.h.
 */
import { numberOf } from '../lib/address.js';
import { ipv4Word } from '../lib/ipv4-word.js';
import { type ElementChange, type SetName, bySet, timeLeftMs } from './element-change.js';
import { NetlinkWriter } from './netlink-writer.js';

const TABLE = 'bailiff';
const NFPROTO_INET = 1;
const NFNL_SUBSYS_NFTABLES = 10;
const NFNL_MSG_BATCH_BEGIN = 16;
const NFNL_MSG_BATCH_END = 17;
const NFT_MSG_NEWSETELEM = (NFNL_SUBSYS_NFTABLES << 8) | 12;
const NFT_MSG_DELSETELEM = (NFNL_SUBSYS_NFTABLES << 8) | 14;
const NFT_MSG_GETGEN = (NFNL_SUBSYS_NFTABLES << 8) | 16;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const NLM_F_CREATE = 0x400;
const NFTA_SET_ELEM_LIST_TABLE = 1;
const NFTA_SET_ELEM_LIST_SET = 2;
const NFTA_SET_ELEM_LIST_ELEMENTS = 3;
const NFTA_LIST_ELEM = 1;
const NFTA_SET_ELEM_KEY = 1;
const NFTA_SET_ELEM_TIMEOUT = 4;
const NFTA_DATA_VALUE = 1;
/** An attribute's length has 16 bits, and an element of IPv6 with a timeout takes 40 bytes. */
const ELEMENTS_PER_MESSAGE = 1600;

const ALL_BITS = 0xffff_ffff_ffff_ffffn;

export interface NetlinkRequest {
  readonly bytes: Buffer;
  readonly firstSequence: number;
  /** The last message before the end of the batch: the kernel acknowledges it, when it has committed. */
  readonly lastSequence: number;
}

/** The changes as one transaction; undefined where there is nothing to change. */
export function encodeBatch(
  changes: readonly ElementChange[],
  nowMs: number,
  firstSequence: number,
): NetlinkRequest | undefined {
  const messages = [...bySet(changes)].flatMap(({ set, own }) => messagesOf(set, own, nowMs));
  if (messages.length === 0) return undefined;
  const writer = new NetlinkWriter();
  const lastSequence = firstSequence + messages.length;
  boundary(writer, NFNL_MSG_BATCH_BEGIN, firstSequence);
  messages.forEach((message, index) => {
    const sequence = firstSequence + 1 + index;
    writeMessage(writer, message, nowMs, sequence, sequence === lastSequence ? NLM_F_ACK : 0);
  });
  boundary(writer, NFNL_MSG_BATCH_END, lastSequence + 1);
  return { bytes: writer.bytes, firstSequence, lastSequence };
}

/** Asks for the number of the ruleset's generation: what may be asked at all tells whether we may write. */
export function encodeProbe(sequence: number): NetlinkRequest {
  const writer = new NetlinkWriter();
  const flags = NLM_F_REQUEST | NLM_F_ACK;
  writer.endMessage(writer.beginMessage({ type: NFT_MSG_GETGEN, flags, sequence, family: 0, resource: 0 }));
  return { bytes: writer.bytes, firstSequence: sequence, lastSequence: sequence };
}

interface ElementMessage {
  readonly set: SetName;
  readonly kind: 'put' | 'touch' | 'remove';
  readonly changes: readonly ElementChange[];
}

/**
 * A known element is taken out before it is put in, since kernels before 6.12 keep the old timeout of one that is there;
 * and it is added before that, since taking out one that has expired meanwhile fails.
 */
function messagesOf(set: SetName, changes: readonly ElementChange[], nowMs: number): ElementMessage[] {
  const known = changes.filter((change) => change.known);
  const wanted = changes.filter((change) => timeLeftMs(change, nowMs) !== undefined);
  return [
    ...pieces(known).map((each): ElementMessage => ({ set, kind: 'touch', changes: each })),
    ...pieces(known).map((each): ElementMessage => ({ set, kind: 'remove', changes: each })),
    ...pieces(wanted).map((each): ElementMessage => ({ set, kind: 'put', changes: each })),
  ];
}

function pieces(changes: readonly ElementChange[]): (readonly ElementChange[])[] {
  const cut: (readonly ElementChange[])[] = [];
  for (let from = 0; from < changes.length; from += ELEMENTS_PER_MESSAGE)
    cut.push(changes.slice(from, from + ELEMENTS_PER_MESSAGE));
  return cut;
}

function boundary(writer: NetlinkWriter, type: number, sequence: number): void {
  const head = { type, flags: NLM_F_REQUEST, sequence, family: 0, resource: NFNL_SUBSYS_NFTABLES };
  writer.endMessage(writer.beginMessage(head));
}

function writeMessage(
  writer: NetlinkWriter,
  { set, kind, changes }: ElementMessage,
  nowMs: number,
  sequence: number,
  acknowledge: number,
): void {
  const isRemoval = kind === 'remove';
  const message = writer.beginMessage({
    type: isRemoval ? NFT_MSG_DELSETELEM : NFT_MSG_NEWSETELEM,
    flags: NLM_F_REQUEST | acknowledge | (isRemoval ? 0 : NLM_F_CREATE),
    sequence,
    family: NFPROTO_INET,
    resource: 0,
  });
  writer.text(NFTA_SET_ELEM_LIST_TABLE, TABLE);
  writer.text(NFTA_SET_ELEM_LIST_SET, set.name);
  const list = writer.beginNest(NFTA_SET_ELEM_LIST_ELEMENTS);
  for (const change of changes) {
    const element = writer.beginNest(NFTA_LIST_ELEM);
    writeKey(writer, change);
    const leftMs = kind === 'put' ? timeLeftMs(change, nowMs) : undefined;
    if (leftMs !== undefined && leftMs !== Infinity) writer.longs(NFTA_SET_ELEM_TIMEOUT, BigInt(leftMs));
    writer.endNest(element);
  }
  writer.endNest(list);
  writer.endMessage(message);
}

function writeKey(writer: NetlinkWriter, { set, element }: ElementChange): void {
  const key = writer.beginNest(NFTA_SET_ELEM_KEY);
  if (set.family === 4) writer.word(NFTA_DATA_VALUE, wordOf(element));
  else {
    const value = numberOf(element);
    writer.longs(NFTA_DATA_VALUE, value >> 64n, value & ALL_BITS);
  }
  writer.endNest(key);
}

/** @throws where it is no IPv4 address. */
function wordOf(address: string): number {
  const word = ipv4Word(address);
  if (Number.isNaN(word)) throw new Error(`${address} is no IPv4 address`);
  return word;
}
