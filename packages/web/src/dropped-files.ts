/** Files that systems lay beside pictures, which nobody means to send. */
const LITTER = /^(\.|thumbs\.db$|desktop\.ini$)/i;

/** Leaves out what a folder holds for the system's own use. */
export const withoutLitter = (files: Iterable<File>): File[] => [...files].filter(({ name }) => !LITTER.test(name));

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** A folder hands its entries over in portions, the last of which is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return entries;
    entries.push(...portion);
  }
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)];
  const entries = await entriesOf(entry as FileSystemDirectoryEntry);
  entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const files: File[] = [];
  for (const inner of entries) files.push(...(await filesIn(inner)));
  return withoutLitter(files);
}

/** The files that were dropped, with those in the folders that were. Must be called while the event lasts. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  // Without a folder among them, and where entries are unknown, the plain list is complete.
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...files];
  return (await Promise.all(entries.map(filesIn))).flat();
}
