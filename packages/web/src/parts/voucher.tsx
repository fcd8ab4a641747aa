import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSpeech } from '../language.ts';
import { redeemVoucher } from '../order-client.ts';
import { meQuery } from '../queries.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { announce } from './news.tsx';

/** Turns a voucher's code into photos. */
export default function Voucher() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  const [code, setCode] = useState('');
  const [photos, setPhotos] = useState<number>();
  function submit() {
    setPhotos(undefined);
    void attempt(async () => {
      const redeemed = await redeemVoucher(code.trim());
      setPhotos(redeemed.photos);
      setCode('');
      announce(t('voucher.done', { count: redeemed.photos }));
      await client.invalidateQueries(meQuery);
    });
  }
  return (
    <Card title={t('voucher.title')} id="voucher">
      <Form busy={busy} onSend={submit} className="flex w-full flex-col items-start gap-4">
        <div className="w-full">
          <Field
            label={t('voucher.code')}
            hint={t('voucher.text')}
            value={code}
            onChange={setCode}
            required
            maxLength={60}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            className="font-mono tracking-wider"
          />
        </div>
        <AccountProblem code={problem} />
        {photos !== undefined && (
          <p className="rounded-2xl bg-mint px-5 py-3 text-lg">{t('voucher.done', { count: photos })}</p>
        )}
        <button type="submit" className={button.quiet} aria-disabled={busy}>
          {t(busy ? 'signIn.moment' : 'voucher.go')}
        </button>
      </Form>
    </Card>
  );
}
