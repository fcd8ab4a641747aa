import { MailError, type MailFault } from './mail.ts';

/** Nodemailer's errors, as far as they tell something. The message and `response` repeat the recipient's address. */
interface SmtpError {
  readonly code?: string;
  /** The system's code where `code` is nodemailer's. */
  readonly originalCode?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/** Enhanced codes of a mailbox (RFC 3463; 5.1.7 to 5.1.9 and higher numbers of some providers speak of the sender), and of a message. */
const MAILBOX = /^5\.(1\.([0-6]|10)|2\.[0-4])$/;
const MESSAGE = /^5\.(6\.\d+|3\.4)$/;
/** Enhanced codes that leave it to the words. */
const VAGUE = /^5\.(0\.\d+|1\.0|2\.0)$/;
/** Answers without a telling code mean the recipient or the message, but for those that say in words that they mean us. */
const OF_US =
  /limit|too many|too much|\brate\b|relay|sender|log ?in|authenti|permission|denied|block|black|spam|policy|\bip\b/i;
/** Replies that never mean a recipient: of the order of commands, and of signing in (RFC 5321, RFC 4954). */
const OF_THE_TALK = [500, 502, 503, 504, 530, 534, 535, 538];

/** Trying again costs little and ends with the mail's lifetime, giving up loses the mail: what is not clearly of this mail is of us. */
function faultOf(
  { code, command, response = '', responseCode = 0 }: SmtpError,
  enhanced: string | undefined,
): MailFault {
  if (code === 'EAUTH' && responseCode < 400) return 'sender';
  if (responseCode < 500 || responseCode > 599) return 'now';
  const isAtRecipient = command === 'RCPT TO';
  const isAtEnd = command === 'DATA' && code === 'EMESSAGE';
  if (!(isAtRecipient || isAtEnd) || OF_THE_TALK.includes(responseCode)) return 'sender';
  if (enhanced === undefined || VAGUE.test(enhanced)) return OF_US.test(response) ? 'sender' : 'mail';
  return MAILBOX.test(enhanced) || (isAtEnd && MESSAGE.test(enhanced)) ? 'mail' : 'sender';
}

/** What an error of nodemailer says, without the addresses in its words. */
export function readSmtpError(error: unknown): MailError {
  const { code, originalCode, command, response, responseCode } = error as SmtpError;
  const enhancedCode = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const fault = faultOf(error as SmtpError, enhancedCode);
  return new MailError(fault, { code: originalCode ?? code, command, responseCode, enhancedCode });
}
