/** Pages as text: what the portal's program asks for. Built into one file for the server. */
import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { ErrorFacts, Page, PageRequest } from '../../src/kernel/operation.ts';
import type { ViewName, Views } from '../../src/modules/portal/contract.ts';
import { Layout, type PageFrame } from './layout.tsx';
import { Check, DeleteDraft, Material, Section, Start, TaskList } from './pages/apply.tsx';
import { Applications, Case, Confirmation, Correction, Withdraw } from './pages/cases.tsx';
import { ErrorPage, headingOf, Help, Offline, Preferences } from './pages/help.tsx';
import { Find, GuidePage, Guides, Home, LifeEventPage } from './pages/home.tsx';
import { AccessLog, Record } from './pages/record.tsx';
import { Verify } from './pages/verify.tsx';
import { readerOf, type Reader, type Site } from './reader.ts';
import { texts as t } from './texts.ts';

export type { Site } from './reader.ts';

interface View<V extends ViewName> {
  frame(data: Views[V], reader: Reader): Omit<PageFrame, 'children'>;
  body(props: { reader: Reader; data: Views[V] }): JSX.Element;
}

/** Where back leads from a page inside an application. */
const toDraft = (data: { draft_id: string }) => ({ href: `/applications/${data.draft_id}` });
const toCase = (data: { receipt_no: string }) => ({ href: `/cases/${data.receipt_no}` });
const toApplications = { href: '/applications', label: t.applications_title };

const views: { [V in ViewName]: View<V> } = {
  home: { frame: () => ({ title: t.home_question, nav: 'home', wide: true }), body: Home },
  guides: { frame: () => ({ title: t.guides_title, nav: 'guides', wide: true }), body: Guides },
  guide: { frame: ({ guide }) => ({ title: guide.name, nav: 'guides', back: { href: `/event/${guide.life_event.event}`, label: guide.life_event.label } }), body: GuidePage },
  life_event: { frame: ({ event }) => ({ title: event.label, nav: 'guides', back: { href: '/', label: t.nav_home } }), body: LifeEventPage },
  find: { frame: () => ({ title: t.find_title, back: { href: '/', label: t.nav_home } }), body: Find },
  help: { frame: () => ({ title: t.help_title }), body: Help },
  offline_ways: { frame: () => ({ title: t.offline_page_title }), body: Offline },
  verify: { frame: () => ({ title: t.verify_title }), body: Verify },
  preferences: { frame: () => ({ title: t.preferences_title }), body: Preferences },
  start: { frame: ({ guide }, { say }) => ({ title: t.start_title(say(guide.name)), back: { href: `/guide/${guide.service_code}`, label: t.guides_title } }), body: Start },
  applications: { frame: () => ({ title: t.applications_title, nav: 'applications' }), body: Applications },
  task_list: { frame: (data, { say }) => ({ title: t.tasks_title(say(data.service_name)), nav: 'applications', back: toApplications }), body: TaskList },
  delete_draft: { frame: (data) => ({ title: t.delete_title, back: toDraft(data) }), body: DeleteDraft },
  section: { frame: (data) => ({ title: data.title, form: true, faulty: data.violations.length > 0, back: toDraft(data) }), body: Section },
  material: { frame: (data) => ({ title: data.material.name, form: true, faulty: data.violations.length > 0, back: toDraft(data) }), body: Material },
  check: { frame: (data) => ({ title: t.check_title, form: true, faulty: data.tried, back: toDraft(data) }), body: Check },
  confirmation: { frame: () => ({ title: t.confirmation_title }), body: Confirmation },
  case: { frame: (data, { say }) => ({ title: t.case_title(say(data.service_name)), nav: 'applications', back: toApplications }), body: Case },
  correction: { frame: (data) => ({ title: t.correction_title, form: true, faulty: data.violations.length > 0, back: toCase(data) }), body: Correction },
  withdraw: { frame: (data) => ({ title: t.withdraw_title, faulty: data.violations.length > 0, back: toCase(data) }), body: Withdraw },
  record: { frame: () => ({ title: t.record_title, nav: 'record' }), body: Record },
  access_log: { frame: () => ({ title: t.access_title, nav: 'record', back: { href: '/record', label: t.nav_record } }), body: AccessLog },
};

function document(reader: Reader, frame: Omit<PageFrame, 'children'>, body: JSX.Element): string {
  return `<!doctype html>${renderToString(<Layout reader={reader} frame={{ ...frame, children: body }} />)}`;
}

export interface Renderer {
  render(page: Page, request: PageRequest): string;
  renderError(facts: ErrorFacts, request: PageRequest): string;
}

/** The pages of one site. */
export function makeRenderer(site: Site): Renderer {
  return {
    render(page, request) {
      const reader = readerOf(site, request);
      const view = views[page.view as ViewName] as View<ViewName> | undefined;
      if (view === undefined) throw new Error(`there is no page for ${page.view}`);
      const data = page.data as Views[ViewName];
      const Body = view.body;
      return document(reader, view.frame(data, reader), <Body reader={reader} data={data} />);
    },
    renderError(facts, request) {
      const reader = readerOf(site, request);
      return document(reader, { title: headingOf(facts), faulty: true }, <ErrorPage reader={reader} facts={facts} />);
    },
  };
}
