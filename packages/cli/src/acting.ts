import { userInfo } from 'node:os';
import { loadConfig } from '@hili/server/config';
import type { Command } from 'commander';
import { BY } from './deciding.ts';

type Console = typeof import('@hili/server/console');
export type ConsoleDeps = import('@hili/server/console').ConsoleDeps;
type Judge = Awaited<ReturnType<Console['operatorAt']>>;

/** What every act is told. */
export interface Said {
  readonly operator: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** The options of an act that the audit keeps. */
export const acts = (command: Command, withReason = true): Command => {
  command.requiredOption(...BY).option('--json', 'print JSON');
  return withReason ? command.requiredOption('--reason <words>', 'why; the audit keeps it') : command;
};

/** Runs something with all that the operator's console has. The server's part is loaded only then: help stays quick. */
export async function onConsole<T>(work: (console: Console, deps: ConsoleDeps) => Promise<T>): Promise<T> {
  const server = await import('@hili/server/console');
  return server.withConsole(loadConfig(), (deps) => work(server, deps));
}

/** Lets an operator act; the act writes itself into the audit. */
export const act = <T>(
  address: string,
  work: (console: Console, deps: ConsoleDeps, by: Judge) => Promise<T>,
): Promise<T> => onConsole(async (server, deps) => work(server, deps, await server.operatorAt(deps, address)));

/** Whoever runs a command that asks for no operator: who may do that may do everything here. */
export const shellActor = () => ({ operator: userInfo().username, origin: 'cli', address: null }) as const;
