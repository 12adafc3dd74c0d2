/**
 * One officer at the counter who never touches the pointer, and a count of every key that is struck. A chord counts each
 * of its keys. Characters that a reader or the register brings are nobody's keys; Chinese is typed as pinyin, a key for
 * each letter and one to take the characters.
 */
import { pinyin } from 'pinyin-pro';
import type { Page } from 'playwright-core';
import type { BirthCertificate, ResidentCard } from '../../src/programs/reader/contract.ts';
import type { RunningDemo } from './demo.ts';
import type { Officer } from './officer.ts';

/** Somebody of the register as the robot's journeys need them. */
export interface Resident {
  person_id: string;
  household_id: string;
  name: string;
  id_number: string;
  sex: '1' | '2';
  birth_on: string;
  ethnicity: string;
}

const patienceMs = 15_000;

export class KeyRobot {
  readonly officer: Officer;
  readonly page: Page;
  readonly reader: string;
  keys = 0;

  constructor(officer: Officer, reader: string) {
    this.officer = officer;
    this.page = officer.page;
    this.reader = reader;
  }

  /** Strikes keys one after the other; `Control+Enter` is two. */
  async press(...chords: string[]): Promise<void> {
    for (const chord of chords) {
      this.keys += chord.split('+').length;
      await this.page.keyboard.press(chord);
    }
  }
  async type(text: string): Promise<void> {
    this.keys += text.length;
    await this.page.keyboard.type(text);
  }
  /** By an input method. */
  async chinese(text: string): Promise<void> {
    this.keys += pinyin(text, { toneType: 'none', type: 'array' }).join('').length + 1;
    await this.page.keyboard.insertText(text);
  }

  /** The name of the entry with the focus. */
  entry(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-entry]')?.dataset['entry'] ?? '');
  }
  /** F8 leads to an entry. @throws Error when it leads elsewhere */
  async toNext(entry: string): Promise<void> {
    await this.press('F8');
    const here = await this.entry();
    if (here !== entry) throw new Error(`F8 leads to ${here}, not to ${entry}; the page says:\n${await this.page.locator('main').innerText()}`);
  }
  /** Waits as a hand does until a choice has led on to the next entry. */
  async ledTo(entry: string): Promise<void> {
    await this.page.waitForFunction((name) => document.activeElement?.closest<HTMLElement>('[data-entry]')?.dataset['entry'] === name, entry, { timeout: patienceMs });
  }
  async value(entry: string): Promise<string> {
    return this.page.locator(`[data-entry="${entry}"]`).first().inputValue();
  }

  /** Puts something on the desk: the citizen does that, not the officer. */
  async lay(order: object): Promise<void> {
    const answer = await fetch(`${this.reader}/desk`, { method: 'POST', body: JSON.stringify(order) });
    if (!answer.ok) throw new Error(`the desk refused ${JSON.stringify(order)}: ${await answer.text()}`);
  }
  layCard({ name, id_number, sex, birth_on, ethnicity }: Resident): Promise<void> {
    const card: ResidentCard = { kind: 'resident', name, id_number, sex, birth_on, ethnicity, address: '云南省昆明市', issued_by: '演示公安局', valid_from: '2021-01-01', valid_until: null };
    return this.lay({ card });
  }

  /** Opens a form and pairs the desk, which happens once for each computer. */
  async open(office: string, service_code: string): Promise<void> {
    await this.page.goto(`${office}/counter/${service_code}`);
    await this.page.locator('form.counter-form').waitFor();
    await this.page.locator('.desk-acts').waitFor();
    if (await this.page.evaluate(() => localStorage.getItem('huzheng.reader_token')) === null) {
      await this.page.keyboard.press('F9');
      const code = /\d{6}/.exec(await this.page.locator('.pairing').getByText('演示系统当前配对码').innerText())![0];
      await this.page.keyboard.type(code);
      await this.page.keyboard.press('Enter');
      await this.page.locator('.pairing').waitFor({ state: 'detached' });
    }
    await this.page.locator('[data-entry="applicant_name"]').focus();
    this.keys = 0;
  }

  /** Reads the card on the reader into the person one is at, and waits for what the register says of them. */
  async readCard(person: Resident): Promise<void> {
    await this.press('F9');
    await this.page.locator('.desk-box p.name', { hasText: person.name }).waitFor({ timeout: patienceMs });
  }

  /** Submits, and waits until the page says that the case is entered. @returns its id */
  async submit(): Promise<string> {
    await this.press('Control+Enter');
    await this.page.locator('.entered, .counter-form .notice-fault').first().waitFor({ timeout: patienceMs });
    const link = this.page.locator('.entered a.button');
    if (await link.count() === 0) throw new Error(`the form was refused:\n${await this.page.locator('.counter-form .notice-fault').first().innerText()}`);
    return (await link.getAttribute('href'))!.split('/').at(-1)!;
  }

  /** From the entered case to its review, and on with the act that takes it: accepted, or done on the spot. */
  async takeIn(act: 'accept' | 'execute'): Promise<void> {
    await this.press('Enter');
    // The page knows by now what may be done.
    await this.page.locator('.act-bar button.main').waitFor({ timeout: patienceMs });
    if (act === 'accept') await this.press('Control+Enter');
    else {
      await this.press('Alt+b');
      await this.page.getByRole('dialog').waitFor();
      await this.press('Control+Enter');
    }
    await this.page.locator('.case-news .notice-done, .case-news .notice-fault, .case-news .notice-warning').first().waitFor({ timeout: patienceMs });
    if (await this.page.locator('.case-news .notice-done').count() === 0) throw new Error(`it was not taken in:\n${await this.page.locator('.case-news').innerText()}`);
  }

  /** From one case to the next form. @returns milliseconds until it can be typed into */
  async nextCase(): Promise<number> {
    await this.page.evaluate(() => {
      const seen = globalThis as unknown as { nextCase: Promise<number> };
      seen.nextCase = new Promise((resolve) => {
        addEventListener('keydown', (press) => {
          const begun = press.timeStamp;
          const look = (): void => {
            if (document.activeElement?.closest('[data-entry="applicant_name"]') != null) requestAnimationFrame((at) => resolve(at - begun));
            else requestAnimationFrame(look);
          };
          look();
        }, { once: true, capture: true });
      });
    });
    await this.press('n');
    return this.page.evaluate(() => (globalThis as unknown as { nextCase: Promise<number> }).nextCase);
  }
}

/** A day of this year as the date field of a browser in English takes it. */
export const asTyped = (day: string): string => `${day.slice(5, 7)}${day.slice(8)}${day.slice(0, 4)}`;
export const daysAgo = (days: number): string => new Date(Date.now() + 8 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);

let flats = 0;
/** Flats in which nobody is registered yet: 安居路 53号 1幢 1单元 302室, by the initials of its sounds. */
const nextFlat = (station: string): string => `ajl${station.slice(6, 8)}h1z1dy${['302', '402', '502', '602', '301', '401'][flats++ % 6]!}`;

/* ---- Journeys: a clean case from an open form to its number ----------------------------------------------------- */

/** 0101: the mother at the counter with her card and the certificate of birth. */
export async function enterBirth(robot: KeyRobot, mother: Resident, father: Resident): Promise<string> {
  const certificate: BirthCertificate = {
    number: `Z53${String(Math.trunc(Math.random() * 1e7)).padStart(7, '0')}`, child_name: `${[...father.name][0]}小满`, sex: '2', birth_on: daysAgo(5), birth_time: '07:35',
    mother: { name: mother.name, id_number: mother.id_number }, father: { name: father.name, id_number: father.id_number },
  };
  await robot.layCard(mother);
  await robot.lay({ birth_certificate: certificate });
  await robot.readCard(mother);
  await robot.press('F2');
  await robot.page.locator('.reading', { hasText: certificate.number }).waitFor();
  // The second parent is found: what both answer together is there.
  await robot.page.locator('.desk-box').getByText('父母婚姻登记').waitFor();
  await robot.toNext('child_birthplace_area');
  await robot.type('whq');
  await robot.page.locator('.picks li', { hasText: /五华区$/ }).first().waitFor();
  await robot.press('Enter');
  await robot.toNext('follow_parent');
  await robot.press('1');
  await robot.press('Alt+a');
  return robot.submit();
}

/** 0501: a household of another station of the county moves into a new flat of its own. */
export async function enterMove(robot: KeyRobot, head: Resident, station: string): Promise<string> {
  await robot.layCard(head);
  await robot.readCard(head);
  await robot.press('Alt+0');
  await robot.toNext('address_id');
  await robot.type(nextFlat(station));
  await robot.page.locator('.picks li').first().waitFor();
  await robot.press('Enter');
  await robot.toNext('household_choice');
  await robot.press('1');
  await robot.ledTo('reason');
  await robot.type('99');
  await robot.toNext('housing_basis');
  await robot.type('1');
  await robot.press('Alt+a');
  return robot.submit();
}

/** 1303: a lost card is replaced for somebody at the counter. */
export async function enterCardLoss(robot: KeyRobot, holder: Resident): Promise<string> {
  await robot.layCard(holder);
  await robot.readCard(holder);
  await robot.toNext('lost_on');
  await robot.type(asTyped(daysAgo(2)));
  await robot.press('Alt+a');
  return robot.submit();
}

/* ---- Whom the journeys need ------------------------------------------------------------------------------------ */

const columns = 'p.person_id, p.household_id, p.name, p.id_number, p.sex, p.birth_on::text as birth_on, p.ethnicity';
const plain = `p.status = '0' and p.phone is not null and p.name !~ '·' and h.household_type = '1' and h.status = 'active'`;

/** Couples of one household and one ethnicity at the station, all of whose children live with them. */
export async function couplesOf(demo: RunningDemo, station: string): Promise<Array<{ mother: Resident; father: Resident }>> {
  const rows = await demo.look<{ mother: Resident; father: Resident }>('police',
    `select to_jsonb(m) as mother, to_jsonb(f) as father
     from (select ${columns} from population.person p join population.household h using (household_id) where ${plain} and p.station_code = $1 and p.sex = '2' and p.birth_on between '1986-01-01' and '2001-01-01') m
     join population.kin_link k on k.person_id = m.person_id and k.kind = 'spouse' and k.until_on is null
     join (select ${columns} from population.person p join population.household h using (household_id) where ${plain}) f on f.person_id = k.relative_id and f.household_id = m.household_id and f.ethnicity = m.ethnicity
     where exists (select from population.membership s where s.person_id in (m.person_id, f.person_id) and upper_inf(s.period) and s.relation = '02')
       and not exists (select from population.kin_link c join population.person o on o.person_id = c.person_id where c.relative_id = m.person_id and c.kind = 'mother' and c.until_on is null and o.household_id is distinct from m.household_id)
     order by m.person_id limit 20`, [station]);
  return rows;
}

/** Heads of small households at other stations of the county, who own up to everything a move asks. */
export function moversTo(demo: RunningDemo, station: string): Promise<Resident[]> {
  return demo.look<Resident>('police',
    `select ${columns} from population.person p join population.household h using (household_id) join population.membership s on s.person_id = p.person_id and upper_inf(s.period)
     where ${plain} and s.relation = '02' and p.station_code <> $1 and left(p.station_code, 6) = left($1, 6) and p.birth_on < '1996-01-01'
       and (select count(*) from population.membership o where o.household_id = h.household_id and upper_inf(o.period)) between 2 and 4
       and not exists (select from population.membership o join population.person q on q.person_id = o.person_id where o.household_id = h.household_id and upper_inf(o.period) and q.birth_on > '2008-01-01'
         and not exists (select from population.kin_link c where c.person_id = q.person_id and c.relative_id = p.person_id and c.until_on is null))
     order by p.person_id limit 20`, [station]);
}

/** Grown-ups registered at the station. */
export function residentsOf(demo: RunningDemo, station: string): Promise<Resident[]> {
  return demo.look<Resident>('police', `select ${columns} from population.person p join population.household h using (household_id) where ${plain} and p.station_code = $1 and p.birth_on between '1960-01-01' and '2000-01-01' order by p.person_id limit 20`, [station]);
}
