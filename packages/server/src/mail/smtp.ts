import { createTransport } from 'nodemailer';
import type { Mail } from './mail.ts';
import { readSmtpError } from './smtp-answer.ts';

/** Milliseconds for a connection to come about, and for an answer. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 15_000;

/**
 * Sends by a mail server.
 * @param url `smtp://` (with STARTTLS where it is offered) or `smtps://`, with user and password.
 */
export function openSmtp(url: string, from: string): Mail {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 2,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      dnsTimeout: CONNECT_MS,
      socketTimeout: ANSWER_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send({ id, ...letter }) {
      await transport.sendMail({ ...letter, messageId: `<${id}@${domainOf(from)}>` }).catch((error) => {
        throw readSmtpError(error);
      });
    },
    async close() {
      transport.close();
    },
  };
}

/** The part behind the `@` of an address with or without a name. */
export const domainOf = (from: string): string => /@([^\s@>]+)>?$/.exec(from)?.[1] ?? 'localhost';
