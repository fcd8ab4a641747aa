import { PASSWORD_LENGTH } from '@hili/contract';
import { type ComponentProps, useEffect, useId, useRef, useState } from 'react';
import { useSpeech } from '../language.ts';

const INPUT = 'mt-1.5 min-h-14 w-full rounded-xl border border-edge bg-sheet px-4 text-lg text-ink';

interface FieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A line to type into, with its name above it and, where it helps, a hint below. */
export function Field({ label, hint, value, onChange, className = '', ...input }: FieldProps) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  // On a slow line people type before the script has come: what stands there then is theirs.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the ready page is taken over
  useEffect(() => {
    if (box.current?.value && box.current.value !== value) onChange(box.current.value);
  }, []);
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <input
        {...input}
        ref={box}
        id={id}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
        className={`${INPUT} ${className}`}
      />
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}

/** An address to which mail goes. */
export function EmailField(props: Omit<FieldProps, 'label'> & { readonly label?: string }) {
  const { t } = useSpeech();
  return (
    <Field
      label={t('signIn.email')}
      autoComplete="username"
      {...props}
      type="email"
      inputMode="email"
      autoCapitalize="none"
      spellCheck={false}
      required
      maxLength={254}
    />
  );
}

/** The digits of a mail; phones offer them by themselves. */
export function CodeField(props: Pick<FieldProps, 'value' | 'onChange'>) {
  const { t } = useSpeech();
  return (
    <Field
      {...props}
      label={t('signIn.code')}
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="\s*\d{6}\s*"
      required
      className="font-mono text-2xl tracking-[0.35em]"
    />
  );
}

/** A password that is chosen now. */
export function NewPasswordField(props: Pick<FieldProps, 'value' | 'onChange'>) {
  const { t } = useSpeech();
  return (
    <PasswordField
      label={t('reset.password')}
      hint={t('reset.rule', { least: PASSWORD_LENGTH.least })}
      autoComplete="new-password"
      minLength={PASSWORD_LENGTH.least}
      {...props}
    />
  );
}

/** A password, which its owner may look at: what is seen is not mistyped. */
export function PasswordField(props: FieldProps) {
  const { t } = useSpeech();
  const [shown, setShown] = useState(false);
  return (
    <div>
      <Field
        autoComplete="current-password"
        maxLength={PASSWORD_LENGTH.most}
        {...props}
        type={shown ? 'text' : 'password'}
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <label className="mt-1 inline-flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={shown}
          onChange={(event) => setShown(event.currentTarget.checked)}
          className="size-5 accent-pine"
        />
        {t('signIn.show')}
      </label>
    </div>
  );
}
