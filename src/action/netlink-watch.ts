/**
 * The kernel's own word that our table was destroyed, through a netlink socket that is looked at five times a second.
 * Takes who is to be told; gives a way to stop, or undefined where koffi or the right is missing. Where masses of elements
 * come and go, the kernel drops what was not read in time, and says so: then perhaps it was. Format: linux/netlink.h,
 * linux/netfilter/nf_tables.h.
 */
import { constants } from 'node:os';
import { type NetlinkSocket, openNetlinkSocket } from './netlink-socket.js';
import type { TableDestroyed, TableWatch } from './table-watch.js';

const LOOK_MS = 200;
/** In a flood of elements something is lost at every look, and to look after our table takes nft. */
const LOST_MS = 1000;
/** A look ends there; the next one goes on. */
const MOST_DATAGRAMS = 1000;

const NFNLGRP_NFTABLES = 7;
/** NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_DELTABLE */
const DELETE_TABLE = 0x0a02;
const NFPROTO_INET = 1;
const MESSAGE_HEAD_BYTES = 16;
const NFGENMSG_BYTES = 4;
const ATTRIBUTE_BYTES = 4;
const NFTA_TABLE_NAME = 1;
const OUR_NAME = 'bailiff\0';

export async function watchTableBySocket(
  destroyed: TableDestroyed,
  openSocket: () => Promise<NetlinkSocket> = openNetlinkSocket,
): Promise<TableWatch | undefined> {
  // Why there is none, the transport tells, which needs the same.
  const socket = await openSocket().catch(() => undefined);
  if (socket?.join(NFNLGRP_NFTABLES) !== true) {
    socket?.close();
    return undefined;
  }
  let isLost = false;
  let lostToldMs = -Infinity;
  const timer = setInterval(() => {
    const { seen, lost } = heard(socket);
    isLost ||= lost;
    if (seen) destroyed(true);
    else if (isLost && performance.now() - lostToldMs >= LOST_MS) {
      isLost = false;
      lostToldMs = performance.now();
      destroyed(false);
    }
  }, LOOK_MS);
  return {
    close: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** What has come since the last look. */
function heard(socket: NetlinkSocket): { readonly seen: boolean; readonly lost: boolean } {
  let [seen, lost] = [false, false];
  for (let count = 0; count < MOST_DATAGRAMS; count += 1) {
    const datagram = socket.receive();
    if (typeof datagram !== 'number') seen ||= tellsOfUs(datagram);
    else if (datagram === constants.errno.EAGAIN) break;
    // Interrupted, or something was lost; and what else it may be is no reason to be sure.
    else lost ||= datagram !== constants.errno.EINTR;
  }
  return { seen, lost };
}

/** Whether a datagram holds the end of `table inet bailiff`. */
function tellsOfUs(datagram: Buffer): boolean {
  for (let at = 0; at + MESSAGE_HEAD_BYTES <= datagram.length;) {
    const length = datagram.readUInt32LE(at);
    if (length < MESSAGE_HEAD_BYTES || at + length > datagram.length) return false;
    const isDelete = datagram.readUInt16LE(at + 4) === DELETE_TABLE;
    if (isDelete && isOurTable(datagram.subarray(at + MESSAGE_HEAD_BYTES, at + length))) return true;
    at += (length + 3) & ~3;
  }
  return false;
}

function isOurTable(body: Buffer): boolean {
  if (body[0] !== NFPROTO_INET) return false;
  for (let at = NFGENMSG_BYTES; at + ATTRIBUTE_BYTES <= body.length;) {
    const length = body.readUInt16LE(at);
    if (length < ATTRIBUTE_BYTES || at + length > body.length) return false;
    if (body.readUInt16LE(at + 2) === NFTA_TABLE_NAME)
      return body.toString('latin1', at + ATTRIBUTE_BYTES, at + length) === OUR_NAME;
    at += (length + 3) & ~3;
  }
  return false;
}
