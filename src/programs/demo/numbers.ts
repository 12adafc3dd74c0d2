/** With which numbers the demo's data were made, so that a later start neither mixes two demos nor asks again. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cannotStart } from '../../kernel/start-refusals.ts';
import { peopleOfDemo, seedOfDemo, type DemoOptions } from './options.ts';

export interface DemoNumbers {
  people: number;
  seed: number;
}

/**
 * The numbers to seed with: those of the data that are there, else those asked for.
 * @throws Refusal start.seeded_otherwise
 */
export function settleNumbers(options: DemoOptions): DemoNumbers {
  const file = join(options.data_directory, 'demo.json');
  if (!existsSync(file)) {
    const numbers = { people: options.people ?? peopleOfDemo, seed: options.seed ?? seedOfDemo };
    writeFileSync(file, JSON.stringify(numbers));
    return numbers;
  }
  const found = JSON.parse(readFileSync(file, 'utf8')) as DemoNumbers;
  const asked = { people: options.people ?? found.people, seed: options.seed ?? found.seed };
  if (!options.keep && (asked.people !== found.people || asked.seed !== found.seed)) {
    const words = ({ people, seed }: DemoNumbers) => `--people ${people} --seed ${seed}`;
    throw cannotStart('seeded_otherwise', { found: words(found), asked: words(asked), directory: options.data_directory });
  }
  return found;
}
