import type { Header } from './codec.ts';
import type { Reason } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Options, Report } from './options.ts';
import type { Print } from './prints.ts';
import type { RecipeName } from './recipes.ts';

/** Work for a child process. */
export type Task =
  | { readonly kind: 'inspect' | 'prints'; readonly path: string; readonly limits: Limits }
  | { readonly kind: 'preview' | 'tiles'; readonly path: string; readonly outPath: string; readonly limits: Limits }
  | {
      readonly kind: 'enhance';
      readonly inPath: string;
      readonly outPath: string;
      readonly recipe: RecipeName;
      readonly options: Options;
      readonly limits: Limits;
      readonly modelFolders: readonly string[];
    };

/** @property threads of its networks, 1 or more. */
export type ToChild = { readonly task: Task; readonly threads: number } | 'cancel';

export type FromChild =
  | { readonly kind: 'progress'; readonly progress: number; readonly step: string }
  | { readonly kind: 'done'; readonly result: Report | Header | readonly Print[] | undefined }
  | { readonly kind: 'failed'; readonly reason: Reason; readonly message: string };
