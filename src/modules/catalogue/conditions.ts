/** Named conditions that the catalogue refers to. Each is a pure function of the answers given so far. */
import type { Answers, ConditionName } from './service.ts';

export const conditions: Record<ConditionName, (answers: Answers) => boolean> = {
  part_of_household_leaves: (answers) => answers['whole_household'] === false,
  // The applicant says whether the head is among those who leave; the register decides at acceptance.
  head_leaves_and_members_remain: (answers) => answers['head_leaves'] === true && answers['whole_household'] === false,
  joins_household: (answers) => answers['household_choice'] === 'join',
  delivery_by_courier: (answers) => answers['delivery_mode'] === 'courier',
  housing_is_owned: (answers) => answers['housing_basis'] === 'owned',
  housing_is_rented: (answers) => answers['housing_basis'] === 'public_rent' || answers['housing_basis'] === 'private_rent_filed',
  // Whoever settles in another's dwelling or joins a household needs the owner's or head's consent (2021 work rules, arts. 40, 41).
  housing_of_another: (answers) => ['relative', 'collective'].includes(String(answers['housing_basis'])) || answers['household_choice'] === 'join',
  reason_is_spouse: (answers) => answers['reason'] === '33' || answers['reason'] === '08',
  reason_is_kin: (answers) => ['31', '32', '34'].includes(String(answers['reason'])),
};
