/** One mail, ready to go. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for each try, so that a mail that went out twice is recognised (`Message-ID`). */
  readonly id: string;
}

/** A way out for mails. */
export interface Mail {
  /** @throws MailError when a mail server did not take it; Error when it could not be brought at all. */
  send(letter: Letter): Promise<void>;
  close(): Promise<void>;
}

/**
 * Why a mail server did not take a mail: `mail`, it will never take this one, for its recipient or what is in it; `sender`, it will take
 * none of ours before somebody mends something, such as our password or how much we may send; `now`, it may take it later.
 */
export type MailFault = 'mail' | 'sender' | 'now';

/** What a mail server said, without its words: an address is in those. */
export interface MailAnswer {
  /** What nodemailer or the system calls it. @example 'EAUTH' */
  readonly code: string | undefined;
  /** What it answered. @example 'RCPT TO' */
  readonly command: string | undefined;
  /** RFC 5321, 4.2. */
  readonly responseCode: number | undefined;
  /** RFC 3463. @example '5.1.1' */
  readonly enhancedCode: string | undefined;
}

/** A mail server did not take a mail. It holds nothing of the mail, so that it can be logged. */
export class MailError extends Error {
  readonly fault: MailFault;
  readonly answer: MailAnswer;

  constructor(fault: MailFault, answer: MailAnswer) {
    const { code, command, responseCode, enhancedCode } = answer;
    const said = [responseCode, enhancedCode, command && `at ${command}`, code && `(${code})`].filter(Boolean);
    super(`expected the mail server to take a mail but received ${said.join(' ') || 'no answer'}`);
    this.name = 'MailError';
    this.fault = fault;
    this.answer = answer;
  }
}
