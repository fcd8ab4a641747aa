import type { Wish } from '@hili/contract';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useSpeech } from '../language.ts';
import { deletePreset, presetOf, presets, renamePreset, savePreset, withPreset } from '../presets.ts';
import { button } from './button.ts';
import { announce } from './news.tsx';
import { Select } from './select.tsx';

interface PresetsProps {
  readonly value: Wish;
  readonly onChange: (wish: Wish) => void;
}

/** Settings that the visitor has given a name; kept in this browser. */
export function Presets({ value, onChange }: PresetsProps) {
  const { t } = useSpeech();
  const named = useSyncExternalStore(presets.subscribe, presets.get, presets.get);
  const [naming, setNaming] = useState<'save' | 'rename'>();
  const chosen = presetOf(named, value);
  const box = useRef<HTMLDivElement>(null);
  const acted = useRef(false);
  // What was pressed is gone; the keyboard goes on from what has taken its place.
  useEffect(() => {
    if (acted.current && document.activeElement === document.body)
      box.current?.querySelector<HTMLElement>('select, button')?.focus();
    acted.current = naming !== undefined || named.length > 0;
  }, [naming, named]);
  function choose(name: string) {
    const preset = named.find((one) => one.name === name);
    if (preset) onChange(withPreset(preset, value));
  }
  return (
    <div ref={box} className="grid gap-1 border-t border-line pt-4">
      {named.length > 0 && (
        <Select label={t('presets.title')} value={chosen ?? ''} onChange={choose}>
          <option value="">{t('presets.none')}</option>
          {named.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {naming ? (
        <Naming
          first={naming === 'rename' ? (chosen ?? '') : ''}
          onName={(name) => {
            if (naming === 'rename' && chosen) renamePreset(chosen, name);
            else savePreset(name, value);
            announce(t('presets.saved', { name }));
            setNaming(undefined);
          }}
          onClose={() => setNaming(undefined)}
        />
      ) : (
        <p className="flex flex-wrap gap-x-5">
          {!chosen && (
            <button type="button" className={button.plain} onClick={() => setNaming('save')}>
              {t('presets.save')}
            </button>
          )}
          {chosen && (
            <>
              <button type="button" className={button.plain} onClick={() => setNaming('rename')}>
                {t('presets.rename')}
              </button>
              <button
                type="button"
                className={button.plain}
                onClick={() => {
                  deletePreset(chosen);
                  announce(t('presets.deleted', { name: chosen }));
                }}
              >
                {t('presets.delete')}
              </button>
            </>
          )}
        </p>
      )}
    </div>
  );
}

interface NamingProps {
  readonly first: string;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}

function Naming({ first, onName, onClose }: NamingProps) {
  const { t } = useSpeech();
  const [name, setName] = useState(first);
  const take = () => name.trim() && onName(name.trim());
  return (
    <div>
      <label className="block">
        {t('presets.name')}
        <input
          // biome-ignore lint/a11y/noAutofocus: the button that was pressed has given way to it.
          autoFocus
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onClose();
            // The form around it would start the photo.
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            event.preventDefault();
            take();
          }}
          className="mt-1 min-h-12 w-full rounded-xl border border-edge bg-sheet px-3 text-ink"
        />
      </label>
      <p className="flex flex-wrap gap-x-5">
        <button type="button" className={button.plain} onClick={take} disabled={!name.trim()}>
          {t('presets.keep')}
        </button>
        <button type="button" className={button.plain} onClick={onClose}>
          {t('presets.never')}
        </button>
      </p>
    </div>
  );
}
