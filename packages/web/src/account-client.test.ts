import { expect, it } from 'vitest';
import { enterByPassword, sendCode, sendEmailCode, sendResetLink } from './account-client.ts';

it.each(['ada@example', 'ada@example.', 'ada@example.c', 'ada', ''])(
  'says that the address %j is not whole, before anything is asked of the server',
  async (email) => {
    for (const ask of [sendCode, sendResetLink, sendEmailCode, (typed: string) => enterByPassword(typed, 'secret')])
      await expect(ask(email)).rejects.toMatchObject({ code: 'ADDRESS' });
  },
);

it.each(['ada@example.com', ' Ada.L@mail.example.co.uk '])('asks the server about %j', async (email) => {
  // Here there is none.
  await expect(enterByPassword(email, 'secret')).rejects.not.toMatchObject({ code: 'ADDRESS' });
});
