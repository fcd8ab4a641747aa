import { COMPLAINT_LENGTH } from '@hili/contract';
import type { AdminComplaint, AdminPictures } from '@hili/contract/admin';
import { useSpeech } from '../../language.ts';
import { LANGUAGE_NAMES } from '../../parts/language-choice.tsx';
import { RECIPE_KEYS } from '../../recipes.ts';
import { Act } from '../act.tsx';
import { ask } from '../client.ts';
import { Facts } from '../facts.tsx';
import { Stamp, StateMark, To } from '../marks.tsx';
import { Pictures } from '../pictures.tsx';
import { useConsole } from '../speech.ts';
import type { TableSpec } from '../table-page.tsx';
import { Address } from '../who.tsx';

function Words({ row }: { readonly row: AdminComplaint }) {
  const { t } = useSpeech();
  return (
    <>
      <span className="font-semibold">{t(`complaint.faults.${row.fault}`)}</span>
      {row.text && <p className="whitespace-pre-line">{row.text}</p>}
      {row.answer && <p className="mt-1 border-s-2 border-pine ps-3 whitespace-pre-line text-soft">{row.answer}</p>}
    </>
  );
}

function Made({ row }: { readonly row: AdminComplaint }) {
  const { t } = useSpeech();
  return (
    <>
      {t(`choice.recipes.${RECIPE_KEYS[row.recipe]}.name`)}
      <Facts of={row.options} />
    </>
  );
}

function Acts({ row }: { readonly row: AdminComplaint }) {
  const { t } = useConsole();
  const who = row.email ?? t('complaint.guest');
  return (
    <>
      {row.canLook && (
        <Act
          label={t('complaint.look')}
          text={() => t('complaint.lookText', { who })}
          withReason={false}
          run={() => ask<AdminPictures>('POST', `/complaints/${row.id}/look`)}
          done={t('complaint.pictures')}
          reveal={(pictures: AdminPictures) => <Pictures of={pictures} />}
        />
      )}
      {row.state === 'open' && (
        <Act
          label={t('complaint.answer')}
          text={() => {
            const language = LANGUAGE_NAMES[row.language];
            return row.email
              ? t('complaint.answerText', { who: row.email, language })
              : t('complaint.answerGuestText', { language });
          }}
          fields={[{ name: 'text', label: t('complaint.words'), kind: 'lines', max: COMPLAINT_LENGTH }]}
          withReason={false}
          run={({ text }) => ask('POST', `/complaints/${row.id}/answer`, { text })}
          done={t('complaint.answered')}
        />
      )}
    </>
  );
}

export const complaints: TableSpec<AdminComplaint> = {
  name: 'complaints',
  states: ['open', 'answered'],
  columns: [
    { head: 'col.fault', Cell: Words, isWide: true },
    { head: 'col.state', Cell: ({ row }) => <StateMark state={row.state} /> },
    {
      head: 'col.user',
      Cell: ({ row }) => (row.email ? <Address>{row.email}</Address> : <>–</>),
    },
    { head: 'col.recipe', Cell: Made },
    {
      head: 'col.photo',
      Cell: ({ row }) => (
        <To place="jobs" search={{ q: row.photoId }}>
          {row.photoId.slice(0, 8)}
        </To>
      ),
    },
    { head: 'col.written', Cell: ({ row }) => <Stamp iso={row.at} /> },
  ],
  Acts,
};
