import type { AdminPartner, AdminSecret } from '@hili/contract/admin';
import { duration } from '../format.ts';
import { Act } from './act.tsx';
import { ask } from './client.ts';
import { SecretNote } from './secret-note.tsx';
import { useConsole } from './speech.ts';

/** Seconds for which an old secret can go on beside its successor. */
const OVERLAPS = [0, 3600, 86_400, 7 * 86_400] as const;

/** Makes a partner; its secret is shown this once. */
export function NewPartner() {
  const { t } = useConsole();
  return (
    <Act
      label={t('partner.new')}
      look="quiet"
      fields={[
        { name: 'name', label: t('partner.name'), max: 100 },
        { name: 'code', label: t('partner.code'), hint: t('partner.codeHint'), max: 64 },
      ]}
      text={({ name, code }) => t('partner.newText', { name: name || '…', code: code || '…' })}
      run={({ name, code, reason }) => ask<AdminSecret>('POST', '/partners', { name, code, reason })}
      done={t('partner.made')}
      reveal={(secret: AdminSecret) => <SecretNote secret={secret} />}
    />
  );
}

/** What can be done about one partner beside giving it photos. */
export function PartnerActs({ partner }: { readonly partner: AdminPartner }) {
  const { t, language } = useConsole();
  const path = `/partners/${encodeURIComponent(partner.code)}`;
  const who = partner.name;
  const overlap = (seconds: number) =>
    seconds === 0
      ? t('partner.atOnce')
      : seconds < 86_400
        ? duration(language, seconds)
        : t('partner.days', { count: seconds / 86_400 });
  return (
    <>
      <Act
        label={t('partner.rotate')}
        look="quiet"
        fields={[
          {
            name: 'overlap',
            label: t('partner.overlap'),
            kind: 'choice',
            value: '86400',
            options: OVERLAPS.map((seconds) => ({ value: String(seconds), label: overlap(seconds) })),
          },
        ]}
        text={({ overlap: seconds }) =>
          seconds === '0'
            ? t('partner.rotateNow', { who })
            : t('partner.rotateText', { who, time: overlap(Number(seconds)) })
        }
        run={({ overlap: seconds, reason }) =>
          ask<AdminSecret>('POST', `${path}/rotate`, { overlapSeconds: Number(seconds), reason })
        }
        done={t('partner.rotated')}
        reveal={(secret: AdminSecret) => <SecretNote secret={secret} />}
      />
      <Act
        label={t('partner.addresses')}
        look="quiet"
        fields={[
          {
            name: 'addresses',
            label: t('partner.addressList'),
            hint: t('partner.addressHint'),
            kind: 'lines',
            value: partner.addresses.join('\n'),
            optional: true,
          },
        ]}
        text={({ addresses }) => {
          const list = listOf(addresses);
          return list.length > 0
            ? t('partner.addressesText', { who, list: list.join(', ') })
            : t('partner.anywhereText', { who });
        }}
        run={({ addresses, reason }) => ask('PUT', `${path}/addresses`, { addresses: listOf(addresses), reason })}
        done={t('partner.addressesSet')}
      />
      {partner.state === 'active' ? (
        <Act
          label={t('partner.disable')}
          look="danger"
          text={() => t('partner.disableText', { who })}
          run={({ reason }) => ask('POST', `${path}/disable`, { reason })}
          done={t('partner.disabled')}
        />
      ) : (
        <Act
          label={t('partner.enable')}
          look="quiet"
          text={() => t('partner.enableText', { who })}
          run={({ reason }) => ask('POST', `${path}/enable`, { reason })}
          done={t('partner.enabled')}
        />
      )}
    </>
  );
}

const listOf = (lines = '') => lines.split(/[\s,;，；]+/).filter(Boolean);
