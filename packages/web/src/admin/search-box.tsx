import { type FormEvent, useId, useState } from 'react';
import { button } from '../parts/button.ts';
import { Icon } from '../parts/icons.tsx';
import { useConsole } from './speech.ts';

interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (words: string) => void;
  /** Names it for the keyboard: Ctrl+K goes there. */
  readonly id?: string;
}

/** Words to look for; asked for by Enter, not by each letter, so that a page is not asked for ten times. */
export function SearchBox({ label, value, onSearch, id }: SearchBoxProps) {
  const { t } = useConsole();
  const made = useId();
  const field = id ?? made;
  const [words, setWords] = useState(value);
  function submit(event: FormEvent) {
    event.preventDefault();
    onSearch(words.trim());
  }
  return (
    <form onSubmit={submit} className="min-w-0">
      <label htmlFor={field}>{label}</label>
      {id && (
        <span aria-hidden="true" className="ms-2 text-sm text-soft max-lg:hidden">
          Ctrl+K
        </span>
      )}
      <div className="mt-1 flex min-h-12 items-center rounded-xl border border-edge bg-sheet ps-3 outline-offset-3 outline-pine has-[input:focus-visible]:outline-3">
        <input
          id={field}
          type="search"
          value={words}
          maxLength={200}
          autoCapitalize="none"
          spellCheck={false}
          {...(id && { 'aria-keyshortcuts': 'Control+K Meta+K' })}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            // The cross of the field has emptied it.
            if (event.currentTarget.value === '' && value !== '') onSearch('');
          }}
          className="min-h-11 min-w-0 grow bg-transparent text-ink outline-none"
        />
        <button type="submit" className={button.icon} aria-label={t('table.find')}>
          <Icon name="find" />
        </button>
      </div>
    </form>
  );
}
