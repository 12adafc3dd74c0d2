/** What a plan would leave behind, shown to the officer before anything is written. Pure. */
import { ageOn } from '../../kernel/clock.ts';
import { familyHousehold, headRelation, type HouseholdPreview, type MemberFacts, type MemberPreview } from './move-facts.ts';
import type { PeopleFacts } from './people-facts.ts';
import type { UndoAct } from './undo.ts';

interface Home {
  household_id: string;
  household_no: string | null;
  household_type: string;
  station_code: string;
  address_id: string;
  is_new: boolean;
  was_closed: boolean;
  is_closed: boolean;
  /** Whether the plan says anything of it or its members. */
  is_touched: boolean;
  before: MemberFacts[];
}

/**
 * Every household a plan, or the acts of an undo, touches, before and after. New households have neither id nor number yet, and new persons
 * without a given number an empty one. The acts are taken as they stand: whether they are lawful only the gate says.
 */
export function previewPlan(facts: PeopleFacts, plan: { acts: readonly UndoAct[] }): HouseholdPreview[] {
  const homes = new Map<string, Home>(facts.households.map((household) => [household.household_id, {
    ...household, is_new: false, was_closed: household.status === 'closed', is_closed: household.status === 'closed', is_touched: false, before: household.members,
  }]));
  const persons = new Map<string, Omit<MemberFacts, 'relation'>>();
  const place = new Map<string, { household_id: string; relation: string }>();
  const altered = new Set<string>();
  for (const household of facts.households) {
    for (const { relation, ...member } of household.members) {
      persons.set(member.person_id, member);
      place.set(member.person_id, { household_id: household.household_id, relation });
    }
  }
  for (const { person_id, name, id_number, sex, birth_on, is_minor } of facts.persons) persons.set(person_id, { person_id, name, id_number, sex, birth_on, is_minor });

  const touch = (household_id: string | undefined): void => {
    const home = household_id === undefined ? undefined : homes.get(household_id);
    if (home !== undefined) home.is_touched = true;
  };
  for (const act of plan.acts) {
    if ('person_id' in act) touch(place.get(act.person_id)?.household_id);
    if ('household_id' in act) touch(act.household_id);
    switch (act.op) {
      case 'found_household':
        homes.set(act.household_id, { ...act, household_no: null, is_new: true, was_closed: false, is_closed: false, is_touched: true, before: [] });
        break;
      case 'change_household': {
        const home = homes.get(act.household_id);
        if (home !== undefined) Object.assign(home, { address_id: act.address_id ?? home.address_id, station_code: act.station_code ?? home.station_code });
        break;
      }
      case 'close_household': {
        const home = homes.get(act.household_id);
        if (home !== undefined) home.is_closed = true;
        break;
      }
      case 'reopen_household': {
        const home = homes.get(act.household_id);
        if (home !== undefined) home.is_closed = false;
        break;
      }
      case 'register_person':
        persons.set(act.person_id, { person_id: act.person_id, name: act.name, id_number: act.id_number ?? '', sex: act.sex, birth_on: act.birth_on, is_minor: ageOn(act.birth_on, facts.today) < 18 });
        break;
      case 'enter':
        place.set(act.person_id, { household_id: act.household_id, relation: act.relation });
        break;
      case 'leave':
        place.delete(act.person_id);
        break;
      case 'relate': {
        const now = place.get(act.person_id);
        if (now !== undefined) place.set(act.person_id, { ...now, relation: act.relation });
        break;
      }
      case 'alter': {
        const person = persons.get(act.person_id);
        if (person === undefined) break;
        const { name = person.name, sex = person.sex, birth_on = person.birth_on } = act.items;
        persons.set(act.person_id, { ...person, name, sex, birth_on, is_minor: ageOn(birth_on, facts.today) < 18 });
        altered.add(act.person_id);
        break;
      }
      case 'renumber': {
        const person = persons.get(act.person_id);
        if (person !== undefined) persons.set(act.person_id, { ...person, id_number: act.id_number ?? '' });
        altered.add(act.person_id);
        break;
      }
      default:
        break;
    }
  }

  return [...homes.values()].filter((home) => home.is_touched).map((home): HouseholdPreview => {
    const after = [...place].filter(([, now]) => now.household_id === home.household_id).map(([person_id, { relation }]): MemberPreview => {
      const was = home.before.find((member) => member.person_id === person_id);
      const change = was === undefined ? 'added' : was.relation !== relation || altered.has(person_id) ? 'changed' : 'none';
      return { ...persons.get(person_id)!, relation, change };
    });
    const before = home.before.map((member): MemberPreview => ({ ...member, change: after.find((one) => one.person_id === member.person_id)?.change ?? 'removed' }));
    const closesItself = home.household_type === familyHousehold && before.length > 0 && after.length === 0;
    return {
      household_id: home.is_new ? null : home.household_id, household_no: home.household_no, station_code: home.station_code, address_id: home.address_id,
      opens: home.is_new, closes: (home.is_closed && !home.was_closed) || closesItself, before,
      after: after.sort((a, b) => Number(b.relation === headRelation) - Number(a.relation === headRelation)),
    };
  });
}
