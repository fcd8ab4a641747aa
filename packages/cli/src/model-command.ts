import { listModels, type Model } from '@hili/engine';
import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { table } from './table.ts';

/** The models that run here; their weights have been compared with their cards. @throws PhotoError `no_model` */
export function modelsHere(): readonly Model[] {
  const { HILI_MODELS } = loadConfig();
  return listModels(HILI_MODELS ? [HILI_MODELS] : []);
}

const row = ({ card, path }: Model) => [
  card.task,
  card.id,
  `${(card.parameters / 1e6).toFixed(2)} M`,
  card.date,
  card.licence,
  card.sha256.slice(0, 12),
  path,
];

const list = () =>
  new Command('list')
    .description('Lists the model of each task: those of HILI_MODELS come before the built-in ones.')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => {
      const models = modelsHere();
      const head = ['task', 'model', 'parameters', 'date', 'licence', 'sha256', 'file'];
      console.log(json ? JSON.stringify(models) : table(head, models.map(row)).join('\n'));
    });

/** `hili model …`. */
export function modelCommand(): Command {
  return new Command('model').summary('the networks that restore photos').addCommand(list());
}
