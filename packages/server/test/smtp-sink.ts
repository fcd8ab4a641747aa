import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/**
 * A mail server that keeps what it is given (RFC 5321). `answer` decides on each mail before it is taken, `reply` on each command before
 * that; undefined stands for its usual answer.
 */
export async function openSmtpSink(
  answer: (message: string, tries: number) => string = () => '250 ok',
  reply: (command: string) => string | undefined = () => undefined,
) {
  const mails: { from: string; to: string; message: string }[] = [];
  const sockets = new Set<Socket>();
  let tries = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    const say = (line: string) => socket.write(`${line}\r\n`);
    let [from, to, text, isData] = ['', '', '', false];
    say('220 sink.example ESMTP');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (;;) {
        const end = isData ? '\r\n.\r\n' : '\r\n';
        const at = text.indexOf(end);
        if (at < 0) return;
        const line = text.slice(0, at);
        text = text.slice(at + end.length);
        if (isData) {
          isData = false;
          tries += 1;
          const said = answer(line, tries);
          if (said.startsWith('2')) mails.push({ from, to, message: line.replace(/\r\n\.\./g, '\r\n.') });
          if (said) say(said);
          else socket.destroy();
          continue;
        }
        const said = reply(line);
        if (said !== undefined) say(said);
        else if (/^EHLO/i.test(line)) say('250-sink.example\r\n250-AUTH PLAIN\r\n250 8BITMIME');
        else if (/^MAIL FROM:<(.*?)>/i.test(line)) {
          from = /<(.*?)>/.exec(line)?.[1] ?? '';
          say('250 ok');
        } else if (/^RCPT TO:<(.*?)>/i.test(line)) {
          to = /<(.*?)>/.exec(line)?.[1] ?? '';
          say('250 ok');
        } else if (/^DATA/i.test(line)) {
          isData = true;
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    tries: () => tries,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
