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
  /** @throws Error when it did not go out; `isRefusal` says whether trying again is of no use. */
  send(letter: Letter): Promise<void>;
  close(): Promise<void>;
}

/** Whether a mail server will not take this mail, now or later (RFC 5321, 4.2.1: 5yz). */
export function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  return code >= 500 && code < 600;
}
