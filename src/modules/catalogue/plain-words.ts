/** Finds a service by what people say: characters, pinyin, initials or English, not the names that offices use. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '../../kernel/operation.ts';
import { findPinyinQuery, gramsForQuery, gramsOf, pinyinKeysOf } from '../../kernel/search-keys.ts';
import { isForCitizens } from './guide.ts';
import { catalogue, catalogueDirectory } from './load.ts';
import { lifeEvents, type LifeEvent, type Service } from './service.ts';

interface PlainWords {
  life_events: Record<LifeEvent, { examples: Text; words: readonly string[] }>;
  services: Record<string, readonly string[]>;
}

interface Entry {
  service: Service | null;
  event: LifeEvent;
  grams: Set<string>;
  phrases: readonly string[];
  keys: readonly string[];
}

let entries: Entry[] | undefined;
let words: PlainWords | undefined;

function plainWords(): PlainWords {
  return (words ??= JSON.parse(readFileSync(join(catalogueDirectory, 'plain-words.json'), 'utf8')) as PlainWords);
}

/** What people say when they mean a life event. */
export function examplesOf(event: LifeEvent): Text {
  return plainWords().life_events[event].examples;
}

function entryOf(service: Service | null, event: LifeEvent, phrases: readonly string[]): Entry {
  return {
    service, event, phrases: phrases.map((phrase) => phrase.toLowerCase()),
    grams: new Set(phrases.flatMap((phrase) => gramsOf(phrase))),
    keys: phrases.flatMap((phrase) => {
      const { full, initials } = pinyinKeysOf(phrase, { surname: false });
      return [...full, ...initials];
    }),
  };
}

function allEntries(): Entry[] {
  return (entries ??= [
    ...[...catalogue().services.values()].filter(isForCitizens).map((service) => entryOf(service, service.life_event, [service.name.zh, service.name.en, ...(plainWords().services[service.code] ?? [])])),
    ...(Object.keys(lifeEvents) as LifeEvent[]).map((event) => entryOf(null, event, [lifeEvents[event].zh, lifeEvents[event].en, ...plainWords().life_events[event].words])),
  ]);
}

/** How well an entry fits: the phrase itself, its pinyin, or the share of the query's two-character pieces that it knows. */
function likeness(query: string, entry: Entry): number {
  const text = query.trim().toLowerCase();
  if (entry.phrases.includes(text)) return 2;
  const key = findPinyinQuery(query);
  if (key !== undefined) {
    const isKnown = key.length >= 6 ? entry.keys.some((known) => known.includes(key)) : key.length >= 2 && entry.keys.some((known) => known.startsWith(key));
    return isKnown || (text.length >= 4 && entry.phrases.some((phrase) => phrase.includes(text))) ? 1.5 : 0;
  }
  // Single characters say too little in Chinese.
  const grams = gramsForQuery(query).filter((gram) => [...gram].length === 2);
  return grams.length === 0 ? 0 : grams.filter((gram) => entry.grams.has(gram)).length / grams.length;
}

const likenessMin = 0.3;
const servicesMax = 8;

/** Services for citizens and life events that fit what was typed, best first. */
export function findByWords(query: string): { services: Service[]; events: LifeEvent[] } {
  const found = allEntries().map((entry) => ({ entry, score: likeness(query, entry) })).filter(({ score }) => score >= likenessMin).sort((a, b) => b.score - a.score);
  const events = [...new Set(found.map(({ entry }) => entry.event))];
  const direct = found.flatMap(({ entry }) => entry.service ?? []);
  const ofEvents = events.flatMap((event) => [...catalogue().services.values()].filter((service) => service.life_event === event && isForCitizens(service) && !direct.includes(service)));
  return { services: [...direct, ...ofEvents].slice(0, servicesMax), events };
}
