/** The desk beside the form: card and papers that were read, whom the register knows, and what does not fit, while one types. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { Field, Material, Service } from '../../../src/modules/catalogue/service.ts';
import { contract as counter, type CounterMember, type EntryViolation, type FoundAtCounter } from '../../../src/modules/counter/contract.ts';
import type { CardReading, PageReading } from '../../../src/programs/reader/contract.ts';
import { dayOf, instantText } from '../../kit/format.ts';
import { language, say, type Text } from '../../kit/language.ts';
import { Fault, Field as FieldBox, KeyCap, Notice } from '../../kit/pieces.tsx';
import { announce } from '../announce.tsx';
import { counterKeys } from '../keys.ts';
import { statusInOrder, useCodes, wordOf } from '../lists.ts';
import { fileOf, readerBridge, ReaderTrouble, type ReaderBridge } from '../reader.ts';
import { call } from '../session.ts';
import { useSetup } from '../setup.ts';
import { counter as formWords } from '../texts.ts';
import { desk as words, fields as fieldWords, reader as readerWords } from './desk-texts.ts';
import { applicantPart, fillPart, firstEmptyPart, listField, namedParts, partOf, readEntry, writeEntry, type Filled, type KnownPerson, type Part } from './parts.ts';
import { chooseFor, chooseListed, choosingIn, digitsOf, fillApplicant, fillFromRegister, fillNewborn, isListed, shownPart, type Register } from './prefill.ts';
import { scansMax, type ScanToSend } from './scans.tsx';
import { answersOf, fieldsOf, neededMaterials, settledOf, withScans, type Settled, type Typed } from './typed.ts';

const settleMs = 350;

export interface DeskParts {
  service: Service;
  materials: Readonly<Record<string, Material>>;
  typed: Typed;
  put: (typed: Typed) => void;
  form: RefObject<HTMLFormElement | null>;
}

/** What was read last, with what it did to the form. */
interface Reading {
  from: Text;
  device: string;
  at: string;
  lines: string[];
  /** What to look out for. */
  notes: Text[];
  /** What was done besides filling in. */
  done: Text[];
  filled: string[];
  kept: Filled['kept'];
}

type Looked = FoundAtCounter | null | 'asking' | 'failed';
const keyOfPerson = (id_number: string, name: string): string => `${id_number} ${name}`;

export function useDesk({ service, materials, typed, put: putOnPage, form }: DeskParts) {
  const setup = useSetup();
  const bridge = useBridge(setup?.reader_bridge ?? null);
  const latest = useRef(typed);
  latest.current = typed;
  // Two things may be put before the page is drawn again: the second stands on the first.
  const put = (next: Typed): void => {
    latest.current = next;
    putOnPage(next);
  };
  const focused = useFocusedEntry(form);
  const part = partOf(service, focused);
  const [looked, setLooked] = useState<ReadonlyMap<string, Looked>>(new Map());
  const register: Register = (of) => {
    const name = readEntry(typed, of, 'name').trim();
    const found = looked.get(keyOfPerson(readEntry(typed, of, 'id_number').trim().toUpperCase(), name));
    return found === 'asking' || found === 'failed' ? undefined : found;
  };
  const [answered, setAnswered] = useState<string[]>([]);
  useLookUps({ service, typed, looked, setLooked, onFound: (of, found) => {
    const result = of.kind === 'applicant' ? fillApplicantFrom(service, latest.current, found) : fillFromRegister(service, latest.current, of, found);
    if (result.filled.length > 0) {
      put(result.typed);
      setAnswered((before) => [...new Set([...before, ...result.filled])]);
    }
  } });
  // What two parents answer together is known when the second is found, and again when a choice is made.
  useEffect(() => {
    const result = fillNewborn(service, typed, register);
    if (result.filled.length === 0) return;
    put(result.typed);
    setAnswered((before) => [...new Set([...before, ...result.filled])]);
  }, [looked, typed.fields['follow_parent'], typed.fields['child_sex']]);

  const checks = useLiveChecks(service, typed);
  const reading = useReading({ service, materials, bridge, latest, put, part: () => partOf(service, entryNow()) });

  const shown = shownPart(part, typed, register);
  const found = register(shown);
  const choosing = choosingIn(service, part);
  const choose = (member: CounterMember): void => {
    if (choosing === undefined || !found || found.household === null) return;
    const { household } = found;
    if (choosing.kind === 'list') {
      const now = household.members.filter((one) => isListed(latest.current, one));
      const next = now.includes(member) ? now.filter((one) => one !== member) : [...now, member];
      put(chooseListed(service, latest.current, next, household));
      return;
    }
    put(chooseFor(service, latest.current, parentPrefix(service, choosing.prefix, part, member), member));
  };

  const neededUnsettled = neededMaterials(service, typed).filter(({ code, optional }) => !optional && settledOf(typed, code, materials[code]).by === '');
  const handlers = {
    read_card: bridge === null ? undefined : reading.card,
    read_page: bridge === null ? undefined : reading.page,
    take_picture: bridge === null ? undefined : reading.picture,
    replace_kept: reading.last !== null && reading.last.kept.length > 0 ? reading.replace : undefined,
    choose_member: (key: string) => {
      const member = found?.household?.members[Number(key.slice(-1)) - 1];
      if (member !== undefined) choose(member);
    },
    choose_all: choosing?.kind === 'list' && found?.household != null ? () => put(chooseListed(service, latest.current, found.household!.members, found.household!)) : undefined,
    seen_all: neededUnsettled.length === 0 ? undefined : () => put({
      ...latest.current, materials: { ...latest.current.materials, ...Object.fromEntries(neededUnsettled.map(({ code }) => [code, { by: 'provided' as Settled, certificate_no: '' }])) },
    }),
  };
  const forget = (): void => {
    setAnswered([]);
    reading.forget();
  };
  return {
    handlers, forget,
    /** What is wrong with an entry that one has left; while one is in it, nothing is said. */
    faultOf: (name: string): string | undefined => (name === focused ? undefined : checks.violations.find((violation) => violation.field === name && !violation.is_warning)?.[language()]),
    panel: (
      <aside class="desk" aria-label={say(words.title)}>
        {bridge === null ? null : <ReaderBox bridge={bridge} reading={reading} service={service} />}
        <RegisterBox typed={typed} part={shown} looked={looked} found={found} choosing={choosing} service={service} answered={answered} onChoose={choose} onAll={handlers.choose_all} />
        <ChecksBox service={service} checks={checks} focused={focused} />
        {neededUnsettled.length < 2 ? null : <button type="button" onClick={handlers.seen_all}>{say(words.seen_all)} <KeyCap of={counterKeys.seen_all} /></button>}
      </aside>
    ),
  };
}
export type Desk = ReturnType<typeof useDesk>;

/** Of two parents the member's sex says which one is meant, unless the officer is in the other's field. */
function parentPrefix(service: Service, prefix: string, focused: Part | undefined, member: CounterMember): string {
  const parents = fieldsOf(service).some(({ name }) => name === 'father_name') && fieldsOf(service).some(({ name }) => name === 'mother_name');
  if (!parents || focused?.kind === 'part' || !['father', 'mother', 'subject'].includes(prefix)) return prefix;
  return member.sex === '1' ? 'father' : 'mother';
}

function knownOf({ person }: FoundAtCounter): KnownPerson {
  return { name: person.name, id_number: person.id_number, sex: person.sex, birth_on: person.birth_on, ethnicity: person.ethnicity, phone: person.phone ?? undefined };
}

function fillApplicantFrom(service: Service, typed: Typed, found: FoundAtCounter): Filled {
  const first = fillApplicant(service, typed, knownOf(found));
  const second = fillFromRegister(service, first.typed, applicantPart, found);
  // Somebody who lives alone moves with the whole household.
  const { household } = found;
  const list = listField(service);
  if (list !== undefined && household?.members.length === 1 && isListed(second.typed, household.members[0]!)) second.typed = chooseListed(service, second.typed, household.members, household);
  return { typed: second.typed, filled: [...first.filled, ...second.filled], kept: [...first.kept, ...second.kept] };
}

/* ---- Where the officer is ------------------------------------------------------------------------------------------ */

const entryNow = (): string | undefined => (document.activeElement?.closest<HTMLElement>('[data-entry]')?.dataset['entry']);

function useFocusedEntry(form: RefObject<HTMLFormElement | null>): string | undefined {
  const [entry, setEntry] = useState<string | undefined>(undefined);
  useEffect(() => {
    const element = form.current;
    const look = (): void => setEntry(entryNow());
    element?.addEventListener('focusin', look);
    element?.addEventListener('focusout', look);
    return () => {
      element?.removeEventListener('focusin', look);
      element?.removeEventListener('focusout', look);
    };
  }, [form.current]);
  return entry;
}

/* ---- The register -------------------------------------------------------------------------------------------------- */

/** Looks everybody up who is named by name and number, each once. */
function useLookUps({ service, typed, looked, setLooked, onFound }: {
  service: Service; typed: Typed; looked: ReadonlyMap<string, Looked>; setLooked: (change: (before: ReadonlyMap<string, Looked>) => ReadonlyMap<string, Looked>) => void;
  onFound: (part: Part, found: FoundAtCounter) => void;
}): void {
  const called = useRef(onFound);
  called.current = onFound;
  const named = namedParts(service, typed, dayOf(new Date()));
  const wanted = named.map(({ id_number, name }) => keyOfPerson(id_number, name)).join('|');
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const { part, name, id_number } of named) {
        const key = keyOfPerson(id_number, name);
        if (looked.has(key)) continue;
        // The first place where somebody is named is where what is found belongs.
        if (named.find((one) => keyOfPerson(one.id_number, one.name) === key)!.part !== part) continue;
        const note = (state: Looked): void => setLooked((before) => new Map(before).set(key, state));
        note('asking');
        call(counter.findHousehold, { service_code: service.code, id_number, name }, { purpose: { code: 'counter_entry', note: service.code } }).then(({ found }) => {
          note(found);
          if (found !== null) for (const one of named) if (keyOfPerson(one.id_number, one.name) === key) called.current(one.part, found);
        }, () => note('failed'));
      }
    }, settleMs);
    return () => clearTimeout(timer);
  }, [wanted]);
}

interface RegisterBoxProps {
  typed: Typed;
  part: Part;
  looked: ReadonlyMap<string, Looked>;
  found: FoundAtCounter | null | undefined;
  choosing: ReturnType<typeof choosingIn>;
  service: Service;
  answered: readonly string[];
  onChoose: (member: CounterMember) => void;
  onAll: (() => void) | undefined;
}

function RegisterBox({ typed, part, looked, found, choosing, service, answered, onChoose, onAll }: RegisterBoxProps) {
  const statuses = useCodes('person_status');
  const relations = useCodes('relationship_to_head');
  const name = readEntry(typed, part, 'name').trim();
  const state = looked.get(keyOfPerson(readEntry(typed, part, 'id_number').trim().toUpperCase(), name));
  if (state === undefined) return null;
  return (
    <section class="desk-box">
      <h2>{say(words.register)}</h2>
      {state === 'asking' ? <p role="status">{say(words.asking, { name })}</p> : null}
      {state === null ? <Notice kind="warning"><p>{say(words.unknown, { name })}</p></Notice> : null}
      {state === 'failed' ? <p class="soft">{say(words.unchecked)}</p> : null}
      {!found ? null : (
        <>
          <p class="name">{say(words.lives, { name: found.person.name, station: found.person.station_name[language()] })}</p>
          {found.person.status === statusInOrder ? null : <Notice kind="warning"><p>{say(words.not_in_order, { name: found.person.name, status: wordOf(statuses, found.person.status) })}</p></Notice>}
          {found.household === null ? <p class="soft">{say(words.no_household)}</p> : (
            <>
              <p>{found.household.address}</p>
              <p class="soft">{say(words.household, { no: found.household.household_no, n: found.household.members.length })}</p>
              {choosing === undefined ? null : (
                <p class="desk-choose">
                  {choosing.kind === 'list' ? say(words.choose_movers) : say(words.choose_part, { field: entryWords(service, `${choosing.prefix}_name`) })} <KeyCap of={counterKeys.choose_member} />
                  {onAll === undefined ? null : <button type="button" onClick={onAll}>{say(words.all)} <KeyCap of={counterKeys.choose_all} /></button>}
                </p>
              )}
              <ul class="desk-members">
                {digitsOf(found.household.members).map(({ digit, member }) => {
                  const chosen = choosing?.kind === 'list' ? isListed(typed, member) : choosing !== undefined && typed.fields[`${choosing.prefix}_id_number`] === member.id_number;
                  return (
                    <li key={member.person_id}>
                      <button type="button" class="member" aria-pressed={chosen} disabled={choosing === undefined} onClick={() => onChoose(member)}>
                        <kbd>{digit ?? ''}</kbd>
                        <span class="name">{member.name}</span>
                        <span>{wordOf(relations, member.relation)}</span>
                        <span class="soft">{say(member.sex === '1' ? readerWords.male : readerWords.female)} · {say(words.age, { n: ageOf(member.birth_on) })}</span>
                        <span aria-hidden="true" class="member-mark">{chosen ? '✓' : ''}</span>
                      </button>
                    </li>
                  );
                })}
              </ul>
            </>
          )}
        </>
      )}
      {answered.length === 0 ? null : <p class="soft">{say(words.answered, { fields: answered.map((entry) => entryWords(service, entry)).join(say({ zh: '、', en: ', ' })) })}</p>}
    </section>
  );
}

function ageOf(birth_on: string): number {
  const today = dayOf(new Date());
  return Number(today.slice(0, 4)) - Number(birth_on.slice(0, 4)) - (today.slice(5) < birth_on.slice(5) ? 1 : 0);
}

/* ---- Checks -------------------------------------------------------------------------------------------------------- */

interface Checks {
  violations: readonly EntryViolation[];
  failed: boolean;
}

/** The server checks what is typed as it will when it is sent; the latest question alone is answered. */
function useLiveChecks(service: Service, typed: Typed): Checks {
  const [checks, setChecks] = useState<Checks>({ violations: [], failed: false });
  const isBlank = typed.applicant.name === '' && typed.applicant.id_number === '' && Object.keys(typed.fields).length === 0 && typed.persons.every(({ name, id_number }) => name === '' && id_number === '');
  useEffect(() => {
    if (isBlank) {
      setChecks({ violations: [], failed: false });
      return undefined;
    }
    const asked = new AbortController();
    const timer = setTimeout(() => {
      call(counter.checkEntry, {
        service_code: service.code, applicant_name: typed.applicant.name, applicant_id_number: typed.applicant.id_number, answers: answersOf(service, typed),
      }, { signal: asked.signal }).then(({ violations }) => setChecks({ violations: violations.filter(({ field }) => isTyped(typed, field)), failed: false }), () => {
        if (!asked.signal.aborted) setChecks((before) => ({ ...before, failed: true }));
      });
    }, settleMs);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [typed]);
  return checks;
}

/** Cells of a row that are still empty are nobody's fault while one is typing. */
function isTyped(typed: Typed, entry: string): boolean {
  const cell = /^\w+\.(\d+)\.(name|id_number|relation)$/.exec(entry);
  return cell === null || (typed.persons[Number(cell[1])]?.[cell[2] as 'name'] ?? '').trim() !== '';
}

function ChecksBox({ service, checks, focused }: { service: Service; checks: Checks; focused: string | undefined }) {
  const told = checks.violations.filter(({ field }) => field !== focused);
  const list = (warnings: boolean) => told.filter(({ is_warning }) => is_warning === warnings);
  const line = (violation: EntryViolation) => (
    <li key={`${violation.field} ${violation.code}`}>
      <a href={`#${violation.field}`} onClick={(event) => {
        event.preventDefault();
        document.querySelector<HTMLElement>(`[data-entry="${CSS.escape(violation.field)}"]`)?.focus();
      }}>{entryWords(service, violation.field)}</a> {violation[language()]}
    </li>
  );
  if (told.length === 0 && !checks.failed) return null;
  return (
    <section class="desk-box" role="status">
      {list(false).length === 0 ? null : <Notice kind="fault"><p>{say(words.problems)}</p><ul>{list(false).map(line)}</ul></Notice>}
      {list(true).length === 0 ? null : <Notice kind="warning"><p>{say(words.questions)}</p><ul>{list(true).map(line)}</ul></Notice>}
      {checks.failed ? <p class="soft">{say(words.unchecked)}</p> : null}
    </section>
  );
}

/** What an entry is called, by the form itself. */
function entryWords(service: Service, entry: string): string {
  const row = /^(\w+)\.(\d+)(?:\.(\w+))?$/.exec(entry);
  if (row !== null) return say(words.row, { n: Number(row[2]) + 1, field: say((formWords as Record<string, Text>)[row[3] ?? ''] ?? { zh: '', en: '' }) });
  if (entry.startsWith('applicant_')) return `${say(fieldWords.applicant)}${language() === 'en' ? ' ' : ''}${say(fieldWords[entry.slice('applicant_'.length) as 'name'] ?? fieldWords.name)}`;
  const field: Field | undefined = fieldsOf(service).find(({ name }) => name === entry);
  return field === undefined ? entry : say(field.label);
}

/* ---- The readers --------------------------------------------------------------------------------------------------- */

function useBridge(address: string | null): ReaderBridge | null {
  const made = useRef<{ address: string; bridge: ReaderBridge } | null>(null);
  if (address === null) return null;
  if (made.current?.address !== address) made.current = { address, bridge: readerBridge(address) };
  return made.current.bridge;
}

interface ReadingParts {
  service: Service;
  materials: Readonly<Record<string, Material>>;
  bridge: ReaderBridge | null;
  latest: { current: Typed };
  put: (typed: Typed) => void;
  /** Of the entry with the focus at the moment of reading. */
  part: () => Part | undefined;
}

function useReading({ service, materials, bridge, latest, put, part }: ReadingParts) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<ReaderTrouble | null>(null);
  const [last, setLast] = useState<Reading | null>(null);

  async function read(work: (into: Part | undefined) => Promise<Reading>): Promise<void> {
    if (bridge === null || busy) return;
    const into = part();
    setBusy(true);
    setTrouble(null);
    try {
      const result = await work(into);
      setLast(result);
      const outcome = result.filled.length > 0 ? say(readerWords.filled, { fields: result.filled.map((entry) => entryWords(service, entry)).join(' ') }) : '';
      announce([...[...result.notes, ...result.done].map((note) => say(note)), ...result.lines, outcome].join(' '));
    } catch (error) {
      if (!(error instanceof ReaderTrouble)) throw error;
      setTrouble(error);
      announce(say(error.text));
    } finally {
      setBusy(false);
    }
  }
  /** Puts a picture with the scans of a material. @returns what was done, in words */
  function attach(file: File, code: string): Text {
    const now = latest.current;
    const held = Object.values(now.scans).reduce((sum, scans) => sum + scans.length, 0);
    if (held >= scansMax) return filledIn(readerWords.picture_limit, { n: String(scansMax) });
    lastPicture -= 1;
    const scan: ScanToSend = { id: lastPicture, file };
    const next = withScans(now, code, [...(now.scans[code] ?? []), scan], settledOf(now, code, materials[code]));
    put({ ...now, ...next });
    const name = materials[code]?.name;
    return { zh: readerWords.pictured.zh.replace('{material}', name?.zh ?? code), en: readerWords.pictured.en.replace('{material}', name?.en ?? code) };
  }
  return {
    busy, trouble, last,
    card: () => void read(async (into) => fillFromCard(service, await bridge!.readCard(), latest, put, into)),
    page: () => void read(async (into) => {
      const page = await bridge!.readPage();
      const result = fillFromPage(service, page, latest, put, into);
      const code = page.birth_certificate !== null ? certificateOfBirth : page.booklet !== null ? bookletOfHousehold : undefined;
      const isWanted = code !== undefined && neededMaterials(service, latest.current).some((needed) => needed.code === code);
      return isWanted ? { ...result, done: [attach(fileOf(page), code)] } : result;
    }),
    picture: () => void read(async () => {
      const code = materialToPicture(service, latest.current);
      const plain: Reading = { from: readerWords.from_camera, device: '', at: new Date().toISOString(), lines: [], notes: [], done: [], filled: [], kept: [] };
      if (code === undefined) return { ...plain, notes: [readerWords.nothing_to_picture] };
      return { ...plain, done: [attach(await bridge!.takePicture(), code)] };
    }),
    replace: () => {
      if (last === null) return;
      put(last.kept.reduce((typed, { part: of, field, offered }) => writeEntry(typed, of, field, offered), latest.current));
      setLast({ ...last, filled: [...last.filled, ...last.kept.map(({ entry }) => entry)], kept: [] });
    },
    paired: () => setTrouble(null),
    forget: () => {
      setLast(null);
      setTrouble(null);
    },
  };
}

type ReadingState = ReturnType<typeof useReading>;

/** Papers that the bridge knows by what is on them (catalogue/materials.json). */
const certificateOfBirth = 'M03';
const bookletOfHousehold = 'M02';
/** Pictures of the camera count downwards, those chosen by hand upwards. */
let lastPicture = 0;

/** The material one is at, else the first that is needed and has no picture. */
function materialToPicture(service: Service, typed: Typed): string | undefined {
  const needed = neededMaterials(service, typed);
  const here = /^scan\.(\w+)$/.exec(entryNow() ?? '')?.[1];
  if (needed.some(({ code }) => code === here)) return here;
  const without = needed.filter(({ code }) => (typed.scans[code]?.length ?? 0) === 0);
  return (without.find(({ optional }) => !optional) ?? without[0] ?? needed[0])?.code;
}

const sexWord = (sex: string): string => say(sex === '1' ? readerWords.male : readerWords.female);

function fillInto(service: Service, latest: { current: Typed }, put: (typed: Typed) => void, into: Part | undefined, known: KnownPerson): Pick<Filled, 'filled' | 'kept'> {
  const place = into ?? firstEmptyPart(service, latest.current);
  if (place === undefined) return { filled: [], kept: [] };
  const result = place.kind === 'applicant' ? fillApplicant(service, latest.current, known) : fillPart(service, latest.current, place, known);
  put(result.typed);
  return result;
}

function fillFromCard(service: Service, { card, device, read_at }: CardReading, latest: { current: Typed }, put: (typed: Typed) => void, into: Part | undefined): Reading {
  const notes: Text[] = card.valid_until !== null && card.valid_until < dayOf(new Date()) ? [filledIn(readerWords.expired, { day: card.valid_until })] : [];
  const reading: Reading = { from: readerWords.from_card, device, at: read_at, lines: [`${card.name} ${sexWord(card.sex)} ${card.birth_on}`], notes, done: [], filled: [], kept: [] };
  if (card.kind !== 'resident') {
    return { ...reading, notes: [...notes, card.kind === 'foreign_permanent' ? readerWords.foreign : readerWords.hong_kong_macao_taiwan] };
  }
  reading.lines.push(card.id_number, card.address);
  const { name, id_number, sex, birth_on, ethnicity } = card;
  return { ...reading, ...fillInto(service, latest, put, into, { name, id_number, sex, birth_on, ethnicity }) };
}

function fillFromPage(service: Service, { booklet, birth_certificate: birth, device, read_at }: PageReading, latest: { current: Typed }, put: (typed: Typed) => void, into: Part | undefined): Reading {
  const reading: Reading = { from: readerWords.from_booklet, device, at: read_at, lines: [], notes: [readerWords.read_as], done: [], filled: [], kept: [] };
  if (booklet !== null) {
    const { name, id_number, sex, birth_on } = booklet;
    return { ...reading, lines: [`${name} ${sexWord(sex)} ${birth_on}`, id_number, `${booklet.household_no} ${booklet.relation}`], ...fillInto(service, latest, put, into, { name, id_number, sex, birth_on }) };
  }
  if (birth === null) return { ...reading, from: readerWords.from_booklet, notes: [readerWords.other_page] };
  const result = fillFromCertificate(service, latest.current, birth);
  put(result.typed);
  return {
    ...reading, from: readerWords.from_certificate, filled: result.filled, kept: result.kept,
    lines: [birth.number, `${birth.child_name} ${sexWord(birth.sex)} ${birth.birth_on}`, birth.mother.name, ...(birth.father === null ? [] : [birth.father.name])],
  };
}

/** A certificate names the child and both parents. */
function fillFromCertificate(service: Service, typed: Typed, birth: NonNullable<PageReading['birth_certificate']>): Filled {
  let result = fillPart(service, typed, { kind: 'part', prefix: 'child' }, { name: birth.child_name, sex: birth.sex, birth_on: birth.birth_on });
  const asked = new Set(fieldsOf(service).map(({ name }) => name));
  for (const [entry, value] of [['child_birth_certificate_no', birth.number], ['child_birth_time', birth.birth_time]] as const) {
    if (value === null || !asked.has(entry)) continue;
    const now = result.typed.fields[entry] ?? '';
    if (now === '') result = { ...result, typed: { ...result.typed, fields: { ...result.typed.fields, [entry]: value } }, filled: [...result.filled, entry] };
  }
  for (const [prefix, parent] of [['mother', birth.mother], ['father', birth.father]] as const) {
    if (parent === null || !asked.has(`${prefix}_name`)) continue;
    const more = fillPart(service, result.typed, { kind: 'part', prefix }, parent);
    result = { typed: more.typed, filled: [...result.filled, ...more.filled], kept: [...result.kept, ...more.kept] };
  }
  return result;
}

function filledIn(text: Text, facts: Record<string, string>): Text {
  const put = (sentence: string): string => sentence.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? '');
  return { zh: put(text.zh), en: put(text.en) };
}

function ReaderBox({ bridge, reading, service }: { bridge: ReaderBridge; reading: ReadingState; service: Service }) {
  const { last, trouble, busy } = reading;
  return (
    <section class="desk-box">
      <p class="desk-acts">
        <button type="button" disabled={busy} onClick={reading.card}>{say(readerWords.read_card)} <KeyCap of={counterKeys.read_card} /></button>
        <button type="button" disabled={busy} onClick={reading.page}>{say(readerWords.read_page)} <KeyCap of={counterKeys.read_page} /></button>
        <button type="button" disabled={busy} onClick={reading.picture}>{say(readerWords.take_picture)} <KeyCap of={counterKeys.take_picture} /></button>
        <span class="sending" role="status">{busy ? say(readerWords.reading) : ''}</span>
      </p>
      {trouble === null ? null : trouble.fault === 'not_paired' || trouble.fault === 'code_wrong' ? <Pairing bridge={bridge} onPaired={reading.paired} /> : <Notice kind="warning" alert><p>{say(trouble.text)}</p></Notice>}
      {last === null ? null : (
        <div class="reading">
          <p class="soft">{say(last.from, { device: last.device, at: instantText(last.at) })}</p>
          <ul>{last.lines.map((line) => <li key={line}>{line}</li>)}</ul>
          {last.done.map((note) => <p key={note.en}>✓ {say(note)}</p>)}
          {last.notes.map((note) => <Notice key={note.en} kind="warning"><p>{say(note)}</p></Notice>)}
          {last.filled.length === 0 ? null : <p>{say(readerWords.filled, { fields: last.filled.map((entry) => entryWords(service, entry)).join(say({ zh: '、', en: ', ' })) })}</p>}
          {last.filled.length === 0 && last.kept.length === 0 && last.notes.length === 0 && last.done.length === 0 ? <p class="soft">{say(readerWords.filled_none)}</p> : null}
          {last.kept.length === 0 ? null : (
            <Notice kind="warning" alert>
              <p>{say(readerWords.kept)}</p>
              <ul>{last.kept.map(({ entry, typed, offered }) => <li key={entry}>{say(readerWords.kept_one, { field: entryWords(service, entry), typed, offered })}</li>)}</ul>
              <button type="button" onClick={reading.replace}>{say(readerWords.replace)} <KeyCap of={counterKeys.replace_kept} /></button>
            </Notice>
          )}
        </div>
      )}
    </section>
  );
}

function Pairing({ bridge, onPaired }: { bridge: ReaderBridge; onPaired: () => void }) {
  const [code, setCode] = useState('');
  const [demo, setDemo] = useState<string | null>(null);
  const [error, setError] = useState<ReaderTrouble | null>(null);
  useEffect(() => {
    bridge.state().then(({ demo_code }) => setDemo(demo_code), () => {});
  }, [error]);
  const pair = (): void => {
    bridge.pair(code.replace(/\s/g, '')).then(() => {
      announce(say(readerWords.paired));
      onPaired();
    }, (failed: unknown) => setError(failed instanceof ReaderTrouble ? failed : null));
  };
  // No form of its own: it stands beside one, and Enter here pairs.
  return (
    <div class="pairing" role="group" aria-label={say(readerWords.pair_title)}>
      <p><strong>{say(readerWords.pair_title)}</strong></p>
      {demo === null ? null : <Notice kind="info"><p>{say(readerWords.pair_demo, { code: demo })}</p></Notice>}
      {error === null ? null : <Fault error={undefined} />}
      <FieldBox label={say(readerWords.pair_code)} hint={say(readerWords.pair_hint)} fault={error === null ? undefined : say(error.text)}>
        {(attributes) => (
          <input {...attributes} class="code-input" inputMode="numeric" autocomplete="off" maxLength={7} value={code} ref={(input) => {
            if (input !== null && code === '' && document.activeElement !== input) input.focus();
          }} onInput={(event) => setCode(event.currentTarget.value)} onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault();
            pair();
          }} />
        )}
      </FieldBox>
      <button type="button" class="primary" onClick={pair}>{say(readerWords.pair)}</button>
    </div>
  );
}
