/** Pages for everybody: home, guides, finding a service, help, ways without the internet, preferences. */
import { Refusal, type Context, type InputOf, type Page, type Redirect } from '../../kernel/index.ts';
import { catalogue, examplesOf, findByWords, guideOf, isForCitizens, lifeEvents, wayOf, type LifeEvent, type Service } from '../catalogue/index.ts';
import { getBureau, searchOrganisations } from '../reference/index.ts';
import { elderCookie, goTo, ownPath, page, remember } from './answer.ts';
import type { contract, EventCard, OfflineWays, ServiceCard } from './contract.ts';
import { listDrafts } from './drafts.ts';
import { draftCard } from './tasks.ts';
import { listCases } from './tracking.ts';

/** The citizens' line of local government, the same number everywhere in China. */
const citizensLine = '12345';
const casesOnHome = 3;

const eventCard = (event: LifeEvent): EventCard => ({ event, label: lifeEvents[event], examples: examplesOf(event) });
const serviceCard = (service: Service): ServiceCard => ({ code: service.code, name: service.name, summary: service.summary, way: wayOf(service) });
const eventNames = Object.keys(lifeEvents) as LifeEvent[];
const servicesFor = (event: LifeEvent): ServiceCard[] => [...catalogue().services.values()].filter((service) => service.life_event === event && isForCitizens(service)).map(serviceCard);

async function offlineWays(context: Context): Promise<OfflineWays> {
  return { phone: citizensLine, office_hours: (await getBureau(context)).office_hours };
}

export async function showHome(context: Context): Promise<Page> {
  const events = eventNames.map(eventCard);
  if (context.actor.kind !== 'citizen') return page('home', { name: null, events, drafts: [], cases: [] });
  const drafts = await listDrafts(context);
  return page('home', {
    name: context.actor.name, events,
    drafts: await Promise.all(drafts.slice(0, casesOnHome).map((draft) => draftCard(context, draft))), cases: await listCases(context, casesOnHome),
  });
}

export async function listGuides(): Promise<Page> {
  return page('guides', { groups: eventNames.map((event) => ({ event: eventCard(event), services: servicesFor(event) })) });
}

export async function getGuide(_context: Context, input: InputOf<typeof contract.getGuide>): Promise<Page> {
  const service = catalogue().services.get(input.service_code);
  if (service === undefined || !isForCitizens(service)) throw new Refusal('portal.not_found');
  return page('guide', { guide: guideOf(service, catalogue()) });
}

export async function getLifeEvent(context: Context, input: InputOf<typeof contract.getLifeEvent>): Promise<Page> {
  const event = eventNames.find((name) => name === input.life_event);
  if (event === undefined) throw new Refusal('portal.not_found');
  return page('life_event', { event: eventCard(event), services: servicesFor(event), ways: await offlineWays(context) });
}

export async function findService(_context: Context, input: InputOf<typeof contract.findService>): Promise<Page> {
  const query = (input.q ?? '').trim();
  const { services, events } = findByWords(query);
  return page('find', { query, services: services.map(serviceCard), events: events.map(eventCard) });
}

export async function showHelp(context: Context): Promise<Page> {
  return page('help', { ways: await offlineWays(context) });
}

export async function showOfflineWays(context: Context, input: InputOf<typeof contract.showOfflineWays>): Promise<Page> {
  const query = String(input.q ?? '').trim();
  const found = query === '' ? null : (await searchOrganisations(context, { query, level: 'STATION' })).organisations;
  return page('offline_ways', { ways: await offlineWays(context), query, stations: found?.map(({ name, name_en, address, phone }) => ({ name, name_en, address, phone })) ?? null });
}

/** With a wish: remembers it and goes back; without one: the page to choose on. */
export async function setPreferences(context: Context, input: InputOf<typeof contract.setPreferences>): Promise<Page | Redirect> {
  const { language, elder } = input;
  const back = ownPath(input.back === undefined ? undefined : String(input.back));
  if (language === undefined && elder === undefined) return page('preferences', { language: context.request.language, elder: context.request.cookies[elderCookie] === '1', back });
  if (language !== undefined) remember(context, `language:${String(language)}`);
  if (elder !== undefined) remember(context, `elder:${String(elder)}`);
  return goTo(back);
}
