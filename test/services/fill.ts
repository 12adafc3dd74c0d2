/** Fills a form: what a sample does not say gets the first lawful answer of its field, always the same one. */
import { askedAnswers, conditions, fieldsOf, isAsked, optionsOf, organisationCheckCharacter, type Answers, type Field, type Service } from '../../src/modules/catalogue/index.ts';

let documents = 0;

/** A document number that no other sample uses. */
export const documentNo = (prefix = 'D'): string => `${prefix}${String(++documents).padStart(9, '0')}`;

/** A unified social credit code with its check character. */
export function unitCode(nth: number): string {
  const body = `91530100MA6${String(nth).padStart(6, '0')}`;
  return body + organisationCheckCharacter(body)!;
}

function answerTo(field: Field, today: string): unknown {
  switch (field.type) {
    case 'choice': return field.options![0]!.value;
    case 'code': return optionsOf(field)[0]!.value;
    case 'yes_no': return false;
    case 'date': return today;
    case 'time': return '08:30';
    case 'phone': return '19900001234';
    case 'area': return '530102';
    case 'document_no': return documentNo();
    case 'organisation_code': return unitCode(1);
    case 'whole_number': return field.minimum ?? 1;
    case 'text': case 'long_text': return '样例内容';
    default: throw new Error(`the sample must say ${field.name} (${field.type})`);
  }
}

/** The answers of a whole form, in the order in which the fields are asked. */
export function filled(service: Service, given: Answers, today: string): Answers {
  const answers: Answers = { ...given };
  for (const field of fieldsOf(service)) {
    const required = field.required || field.when !== undefined;
    if (!required || !isAsked(field, answers) || answers[field.name] !== undefined) continue;
    answers[field.name] = answerTo(field, today);
  }
  return askedAnswers(service, answers);
}

/** Every paper that the form asks for with these answers, as seen at the counter. */
export function papersFor(service: Service, answers: Answers, today: string): string[] {
  return service.materials.filter((one) => one.required === 'always' || (one.required === 'when' && conditions[one.when!](answers, today))).map((one) => one.code);
}
