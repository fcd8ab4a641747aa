import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { button } from '../parts/button.ts';
import { ActDialog } from './act-dialog.tsx';

/** Something that is typed or chosen for an act. */
export interface ActField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** `lines` is a text of several lines. */
  readonly kind?: 'text' | 'number' | 'lines' | 'choice';
  readonly value?: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly optional?: boolean;
  readonly max?: number;
}

export type ActValues = Readonly<Record<string, string>>;

export interface ActProps {
  /** What stands on the button, and on the one that confirms. */
  readonly label: string;
  /** Exactly what will happen, with what has been typed so far. */
  readonly text: (values: ActValues) => string;
  readonly fields?: readonly ActField[];
  /** Whether an operator says why. It is sent as `reason`. */
  readonly withReason?: boolean;
  /** @param key the same for every try of one wish, so that it is done once */
  readonly run: (values: ActValues, key: string) => Promise<unknown>;
  /** What is said when it is done. */
  readonly done: string;
  readonly look?: 'quiet' | 'danger' | 'plain';
  /** Shows what came back, this one time. */
  readonly reveal?: (answer: never) => ReactNode;
}

/** A button for an act, which first says what will happen. */
export function Act(props: ActProps) {
  const [asked, setAsked] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  // An act that cannot be done twice takes its button away; who was there by keys goes on from the head of the page.
  useLayoutEffect(() => {
    const element = trigger.current;
    return () => {
      if (element !== null && element === document.activeElement) document.querySelector<HTMLElement>('h1')?.focus();
    };
  }, []);
  return (
    <>
      <button ref={trigger} type="button" className={button[props.look ?? 'plain']} onClick={() => setAsked(true)}>
        {props.label}
      </button>
      {asked && <ActDialog {...props} onClose={() => setAsked(false)} />}
    </>
  );
}
