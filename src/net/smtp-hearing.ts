/**
 * A socket's events as one thing at a time: octets, its end, or a spent deadline. Between two hearings the socket is paused, so
 * that a server which sends without end fills the kernel's buffer and not our memory.
 */
import type { Socket } from 'node:net';

export type HeardOctets =
  | { readonly kind: 'octets'; readonly octets: Buffer }
  | { readonly kind: 'closed' }
  | { readonly kind: 'timeout' };

/** `endsAt` is an instant of `performance.now()`. Errors of the socket read as `closed`. */
export function hear(socket: Socket, endsAt: number): Promise<HeardOctets> {
  if (socket.destroyed || socket.readableEnded) return Promise.resolve({ kind: 'closed' });
  return new Promise((resolve) => {
    const settle = (heard: HeardOctets) => {
      clearTimeout(timer);
      socket.pause();
      socket.off('data', onData).off('end', onClosed).off('close', onClosed);
      resolve(heard);
    };
    const onData = (octets: Buffer) => settle({ kind: 'octets', octets });
    const onClosed = () => settle({ kind: 'closed' });
    const timer = setTimeout(() => settle({ kind: 'timeout' }), Math.max(0, endsAt - performance.now()));
    socket.on('data', onData).on('end', onClosed).on('close', onClosed);
    socket.resume();
  });
}

/** Destroys the socket and waits until its handle is closed. */
export function closed(socket: Socket): Promise<void> {
  socket.destroy();
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
