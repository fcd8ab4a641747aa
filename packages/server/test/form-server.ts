import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { AppError } from '@hili/contract';
import { lingerAfter } from '../src/linger.ts';
import { awaitContinue, type Form, type FormLimits, receiveForm } from '../src/uploads.ts';

export interface Part {
  readonly name: string;
  readonly value: string | Buffer;
  readonly filename?: string;
  readonly type?: string;
}

/** A multipart body, written by hand so that it can also be wrong. */
export function multipart(parts: readonly Part[], boundary = 'hili-test-boundary'): { type: string; body: Buffer } {
  const chunks = parts.flatMap(({ name, value, filename, type }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined ? '' : `; filename="${filename}"`,
    type === undefined ? '' : `\r\nContent-Type: ${type}`,
    '\r\n\r\n',
    value,
    '\r\n',
  ]);
  const body = Buffer.concat([...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk as string)));
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}

/** A real server whose only work is `receiveForm`; it answers what it received, or the code of the error. */
export async function openFormServer(limits: () => FormLimits, seen: (form: Form) => Promise<void> = async () => {}) {
  const server = createServer(async (incoming, outgoing) => {
    let answer: unknown;
    try {
      const form = await receiveForm({ incoming, outgoing }, limits());
      await seen(form);
      answer = { fields: Object.fromEntries(form.fields), malformed: [...form.malformed], file: form.file };
    } catch (error) {
      answer = { error: error instanceof AppError ? error.code : String(error) };
    }
    lingerAfter({ incoming, outgoing });
    outgoing.end(JSON.stringify(answer));
  });
  awaitContinue(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** A connection that has sent the head of a POST and as much of the body as is given. */
export async function halfRequest(port: number, headers: Record<string, string>, start: Buffer): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await new Promise((resolve) => socket.once('connect', resolve));
  const head = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST / HTTP/1.1\r\n${head.join('')}\r\n`);
  socket.write(start);
  return socket;
}

export const noise = (bytes: number) => randomBytes(bytes);
