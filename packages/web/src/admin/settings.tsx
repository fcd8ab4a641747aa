import type { AdminSettings } from '@hili/contract/admin';
import { useQuery } from '@tanstack/react-query';
import { Act } from './act.tsx';
import { ask } from './client.ts';
import { Code, Mark, Stamp } from './marks.tsx';
import { PageTitle } from './page-title.tsx';
import { viewQuery } from './queries.ts';
import { useConsole } from './speech.ts';
import { type Column, Table } from './table.tsx';
import { Trouble } from './trouble.tsx';

type Setting = AdminSettings[number];

/** What amounts of packages look like. */
const AMOUNTS = 'photos-3:200,photos-10:600';

function Name({ row }: { readonly row: Setting }) {
  const { t } = useConsole();
  return (
    <>
      {t(`setting.name.${row.key}`)}
      <br />
      <span className="font-normal text-soft">
        <Code>{row.key}</Code>
      </span>
    </>
  );
}

function Value({ row }: { readonly row: Setting }) {
  const { t } = useConsole();
  return row.value === '' ? <span className="text-soft">{t('setting.empty')}</span> : <strong>{row.value}</strong>;
}

function Origin({ row }: { readonly row: Setting }) {
  const { t } = useConsole();
  return (
    <>
      <Mark tone={row.from === 'console' ? 'wait' : 'plain'}>{t(`setting.from.${row.from}`)}</Mark>
      {row.from === 'console' && (
        <span className="block text-soft">
          {row.changedBy} · <Stamp iso={row.changedAt} />
        </span>
      )}
    </>
  );
}

function Acts({ row }: { readonly row: Setting }) {
  const { t } = useConsole();
  const { key, value, otherwise } = row;
  const name = t(`setting.name.${key}`);
  const shown = (text: string) => (text === '' ? t('setting.empty') : t('setting.quoted', { text }));
  const set = (to: string | null, reason: string | undefined) => ask('PUT', `/settings/${key}`, { value: to, reason });
  return (
    <>
      <Act
        label={t('setting.change')}
        fields={[
          {
            name: 'value',
            label: name,
            hint: t(`setting.hint.${key}`, { example: AMOUNTS }),
            value,
            max: 2000,
            optional: true,
          },
        ]}
        text={({ value: to = '' }) => t('setting.changeText', { name, from: shown(value), to: shown(to) })}
        run={({ value: to, reason }) => set(to ?? '', reason)}
        done={t('setting.changed')}
      />
      {row.from === 'console' && (
        <Act
          label={t('setting.reset')}
          text={() => t('setting.resetText', { name, to: shown(otherwise) })}
          run={({ reason }) => set(null, reason)}
          done={t('setting.changed')}
        />
      )}
    </>
  );
}

const COLUMNS: readonly Column<Setting>[] = [
  { head: 'col.setting', Cell: Name },
  { head: 'col.value', Cell: Value },
  { head: 'col.from', Cell: Origin },
];

/** Settings that are in force at once, without a restart. */
export function SettingsPage() {
  const { t } = useConsole();
  const { data, error } = useQuery(viewQuery<AdminSettings>('/settings'));
  return (
    <>
      <PageTitle title={t('place.settings')} lead={t('lead.settings')} />
      <div className="mt-5">
        {error && <Trouble error={error} />}
        {data && (
          <Table caption={t('place.settings')} columns={COLUMNS} rows={data} keyOf={({ key }) => key} Acts={Acts} />
        )}
      </div>
    </>
  );
}
