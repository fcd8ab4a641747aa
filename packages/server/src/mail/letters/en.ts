/** The words of one letter: its subject, and its paragraphs with `{places}`. A paragraph that is one place stands out. */
export interface Words {
  readonly subject: string;
  readonly body: readonly string[];
}

/** Subjects name no secret, since they are logged and shown on locked screens. */
export const en = {
  code: {
    subject: 'Your sign-in code',
    body: [
      'Hello. Here is your code for Hili PhotoEnhance:',
      '{code}',
      'Please type it on the page within {minutes} minutes.',
      'If you did not ask for it, you need do nothing. Never tell this code to anybody.',
    ],
  },
  reset: {
    subject: 'Set a new password',
    body: [
      'Hello. With this link you can set a new password:',
      '{link}',
      'It works once, within {minutes} minutes.',
      'If you did not ask for it, you need do nothing. Your password stays as it is.',
    ],
  },
  'no-account': {
    subject: 'There is no account for this address',
    body: [
      'Hello. Somebody asked for a new password for this address, but there is no account for it.',
      'If it was you, perhaps you signed up with another address. You can also sign in with this one here, and an account is made for you:',
      '{link}',
      'If it was not you, you need do nothing.',
    ],
  },
  'email-code': {
    subject: 'Confirm your new address',
    body: [
      'Hello. You want to use this address for your account at Hili PhotoEnhance. Here is your code:',
      '{code}',
      'Please type it on the page within {minutes} minutes.',
      'If you did not ask for it, you need do nothing.',
    ],
  },
  'email-taken': {
    subject: 'This address has an account already',
    body: [
      'Hello. Somebody asked to use this address for another account. It has an account already, so nothing was changed.',
      'If it was you, simply sign in with this address:',
      '{link}',
      'If it was not you, you need do nothing.',
    ],
  },
  'email-changed': {
    subject: 'Your address was changed',
    body: [
      'Hello. Your account at Hili PhotoEnhance now has another address. From now on, our e-mails go there.',
      'If it was not you, please contact us soon:',
      '{link}',
    ],
  },
  'password-changed': {
    subject: 'Your password was changed',
    body: [
      'Hello. Your password at Hili PhotoEnhance was changed just now. Your other devices are signed out.',
      'If it was not you, please set a new password here at once:',
      '{link}',
    ],
  },
  'photo-ready': {
    subject: 'Your photo is ready',
    body: [
      'Hello. Your photo “{name}” is restored. See and download it here:',
      '{link}',
      'It stays until {until}. Then it is deleted, so please download it in time.',
      'If you want no more of these e-mails, switch them off in your account.',
    ],
  },
  'account-deleted': {
    subject: 'Your account is deleted',
    body: [
      'Hello. Your account at Hili PhotoEnhance and all its photos are deleted. We have forgotten your address too.',
      'Thank you for having been with us. You can sign up again at any time:',
      '{link}',
    ],
  },
  fapiao: {
    subject: 'Somebody asks for a fapiao',
    body: [
      'A fapiao is asked for order {number}, over CNY {sum}.',
      'Made out to: {title}',
      'Tax number: {taxNumber}',
      'To be sent to: {email}',
      'Request {id}.',
      'Once it is made, please note its number with the command: hili fapiao issue. If it cannot be made: hili fapiao refuse.',
    ],
  },
  'fapiao-issued': {
    subject: 'Your fapiao is issued',
    body: [
      'Hello. The fapiao of your order {number} is issued. Its number is:',
      '{note}',
      'If something is not right, please write to us:',
      '{link}',
    ],
  },
  'fapiao-refused': {
    subject: 'We could not issue your fapiao',
    body: [
      'Hello. We are sorry: the fapiao of your order {number} could not be issued. The reason is:',
      '{note}',
      'If something is unclear, please write to us:',
      '{link}',
    ],
  },
  refunded: {
    subject: 'Your refund has gone through',
    body: [
      'Hello. We have refunded {sum} of your order {number}.',
      'The money goes back the way you paid: {way}. It may take a few days to arrive.',
      'Here is the order:',
      '{link}',
      'If it does not arrive, please write to us.',
    ],
  },
  complaint: {
    subject: 'Somebody is not satisfied with a result',
    body: [
      'Somebody is not satisfied with what became of a photo.',
      'What is wrong: {fault}',
      'In their words: {text}',
      'What was asked: {asked}',
      '{look}',
      'Photo {photo}, complaint {id}.',
      'Please answer with the command: hili complaints answer',
    ],
  },
  'complaint-answered': {
    subject: 'Our answer about your photo',
    body: [
      'Hello. You told us that you were not satisfied with a photo. This is our answer:',
      '{answer}',
      'If anything is left to say, please write to us:',
      '{link}',
    ],
  },
  'credits-expiring': {
    subject: 'Photos on your account expire soon',
    body: [
      'Hello. Photos that you have not used yet: {credits}. They are good until {until}.',
      'Please use them before then:',
      '{link}',
      'After that they can no longer be used. If that is a problem, please write to us.',
    ],
  },
} satisfies Record<string, Words>;

/** Every letter, in one language. */
export type Letters = Readonly<Record<keyof typeof en, Words>>;
