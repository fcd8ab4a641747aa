import { button } from '../parts/button.ts';

interface SaveButtonProps {
  /** Of the file. */
  readonly name: string;
  readonly text: string;
  readonly label: string;
}

/** Makes a file of a text that only this page has. */
export function SaveButton({ name, text, label }: SaveButtonProps) {
  function save() {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <button type="button" className={button.quiet} onClick={save}>
      {label}
    </button>
  );
}
