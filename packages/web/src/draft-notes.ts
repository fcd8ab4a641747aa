/** Where a file has got to on the server, so that it goes on there when it is chosen again after a reload. */
interface Note {
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Where the browser keeps them; the number goes up when older ones can no longer be read. */
const KEY = 'hili.drafts.1';
/** The server has forgotten an upload that is older. */
const KEPT_MS = 86_400_000;
const MOST = 50;
/** Bytes at either end of a file by which it is known again, beside its name, size and date. */
const ENDS = 65_536;

/** Which file of this page an upload belongs to: the same file chosen twice is sent twice. */
const held = new Map<string, File>();

function read(): Record<string, Note> {
  try {
    const entries = Object.entries(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, Partial<Note>>);
    const sound = entries.filter(([, note]) => typeof note?.url === 'string' && Date.now() - (note.at ?? 0) < KEPT_MS);
    return Object.fromEntries(sound.slice(-MOST)) as Record<string, Note>;
  } catch {
    return {};
  }
}

function keep(notes: Record<string, Note>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(notes));
  } catch {
    // Forbidden or full: then a reload begins anew.
  }
}

/**
 * A mark by which a file is known again, and which names nothing to others who use this browser: SHA-256 in hex.
 * @returns undefined where the browser gives no cryptography, as at plain http, or the file cannot be read.
 */
export async function markOf(file: File): Promise<string | undefined> {
  const { name, type, size, lastModified } = file;
  const said = JSON.stringify([name, type, size, lastModified]);
  try {
    const bytes = await new Blob([said, file.slice(0, ENDS), file.slice(-ENDS)]).arrayBuffer();
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}

/** Where a file that was chosen before has got to; undefined for one that is new, or that another of this page is. */
export function notedDraft(mark: string, file: File): string | undefined {
  const url = read()[mark]?.url;
  if (url === undefined || (held.get(url) ?? file) !== file) return undefined;
  return url;
}

export function noteDraft(mark: string | undefined, file: File, url: string): void {
  held.set(url, file);
  if (mark === undefined) return;
  const { [mark]: _before, ...others } = read();
  keep({ ...others, [mark]: { url, at: Date.now() } });
}

export function unnoteDraft(url: string): void {
  held.delete(url);
  keep(Object.fromEntries(Object.entries(read()).filter(([, note]) => note.url !== url)));
}
