import { CopyButton } from './copy-button.tsx';
import { SaveButton } from './save-button.tsx';
import { useConsole } from './speech.ts';

interface CodeListProps {
  readonly codes: readonly string[];
  /** What to do with them. */
  readonly lead: string;
  /** Of the file that they are saved as. */
  readonly name: string;
}

/** Codes that are shown this once. */
export function CodeList({ codes, lead, name }: CodeListProps) {
  const { t } = useConsole();
  return (
    <>
      <p>{lead}</p>
      <textarea
        readOnly
        aria-label={t('code.list')}
        rows={Math.min(10, codes.length)}
        value={codes.join('\n')}
        className="w-full rounded-xl border border-edge bg-well p-4 font-mono text-ink"
      />
      <div className="flex flex-wrap gap-3">
        <CopyButton text={codes.join('\n')} />
        <SaveButton name={name} text={`${codes.join('\r\n')}\r\n`} label={t('code.save')} />
      </div>
    </>
  );
}
