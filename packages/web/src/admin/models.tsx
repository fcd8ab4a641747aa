import type { AdminModels } from '@hili/contract/admin';
import { useQuery } from '@tanstack/react-query';
import { bytes } from '../format.ts';
import { useSpeech } from '../language.ts';
import { Facts } from './facts.tsx';
import { Code, Count } from './marks.tsx';
import { PageTitle } from './page-title.tsx';
import { viewQuery } from './queries.ts';
import { useConsole } from './speech.ts';
import { type Column, Table } from './table.tsx';
import { Trouble } from './trouble.tsx';

type Model = AdminModels[number];

function Weight({ row }: { readonly row: Model }) {
  const { language } = useConsole();
  return <>{bytes(language, row.bytes)}</>;
}

/** Networks of which no visitor reads. */
const UNSEEN = ['sr4', 'texture4', 'severity', 'refine', 'face'] as const;

/** What a network is for, as visitors read it; in words of the console where they have none. */
function Task({ row: { task } }: { readonly row: Model }) {
  const { t } = useSpeech();
  const own = useConsole();
  const unseen = UNSEEN.find((name) => name === task);
  if (unseen) return <>{own.t(`network.${unseen}`)}</>;
  if (task === 'bg') return <>{t('choice.recipes.bg.name')}</>;
  if (task === 'texture') return <>{t('choice.texture.name')}</>;
  if (task === 'sr' || task === 'repair' || task === 'colour') return <>{t(`choice.strength.${task}.name`)}</>;
  return <>{task}</>;
}

const COLUMNS: readonly Column<Model>[] = [
  { head: 'col.task', Cell: Task },
  { head: 'col.model', Cell: ({ row }) => <Code>{row.id}</Code> },
  { head: 'col.parameters', Cell: ({ row }) => <Count value={row.parameters} />, isNumber: true },
  { head: 'col.weight', Cell: Weight, isNumber: true },
  { head: 'col.date', Cell: ({ row }) => <>{row.date}</> },
  { head: 'col.licence', Cell: ({ row }) => <>{row.licence}</> },
  { head: 'col.figures', Cell: ({ row }) => <Facts of={row.figures} /> },
  { head: 'col.hash', Cell: ({ row }) => <Code>{row.sha256.slice(0, 12)}</Code> },
];

/** The networks in use, with what their cards have measured. */
export function ModelsPage() {
  const { t } = useConsole();
  const { data, error } = useQuery(viewQuery<AdminModels>('/models'));
  return (
    <>
      <PageTitle title={t('place.models')} lead={t('lead.models')} />
      <div className="mt-5">
        {error && <Trouble error={error} />}
        {data && (
          <Table caption={t('place.models')} columns={COLUMNS} rows={data} keyOf={({ id, task }) => `${task} ${id}`} />
        )}
      </div>
    </>
  );
}
