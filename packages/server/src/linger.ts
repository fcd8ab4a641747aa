import type { Exchange } from './uploads.ts';

/** A rest of a body that is this short is read to its end, and the connection stays. */
const SHORT_BYTES = 64 * 1024;
/** What is read and thrown away at most of a body that nobody wants, and for how long. */
const LINGER_BYTES = 16 * 1024 * 1024;
const LINGER_MS = 10_000;
/** Milliseconds between the last byte that we take and the end of the connection. */
const LAST_MS = 500;

/**
 * Lets a client read its answer although its body has not been read: the answer closes the connection, but our side goes on to take
 * bytes for a while. Closing at once would reset the connection, and clients that send all before they read would never see the answer.
 * Call before the answer is written.
 */
export function lingerAfter({ incoming, outgoing }: Exchange): void {
  const { socket } = incoming;
  if (incoming.complete || !socket || socket.destroyed) return;
  const { 'transfer-encoding': chunked, 'content-length': length } = incoming.headers;
  if (!chunked && Number(length ?? 0) <= SHORT_BYTES) return;
  outgoing.setHeader('connection', 'close');
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= LINGER_BYTES) return;
    incoming.pause();
    setTimeout(() => socket.destroy(), LAST_MS).unref();
  });
  // Node calls this once the answer is written; by itself it would close both directions.
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    incoming.on('end', () => socket.destroy());
    socket.on('close', () => clearTimeout(timer));
    incoming.resume();
  };
}
