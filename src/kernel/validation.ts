/** Checks input against the contract's schema and says every fault at once, keyed as in the form. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { isId } from './ids.ts';
import { Refusal, type Text, type Violation } from './refusal.ts';

function checker(leniency: { coerceTypes?: 'array'; useDefaults?: boolean }): Ajv {
  const ajv = new Ajv({ allErrors: true, removeAdditional: false, strict: false, verbose: true, ...leniency });
  ajv.addFormat('uuid', { type: 'string', validate: isId });
  ajv.addFormat('date', { type: 'string', validate: isLegalDate });
  ajv.addFormat('date-time', { type: 'string', validate: (text: string) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)) });
  return ajv;
}

/** A calendar day that exists, as yyyy-mm-dd. */
export function isLegalDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

type Params = Record<string, unknown>;
const sentences: Record<string, (params: Params) => Text> = {
  required: () => ({ zh: '请填写此项。', en: 'Fill this in.' }),
  additionalProperties: () => ({ zh: '没有这一项,请删去。', en: 'There is no such field; remove it.' }),
  minLength: (p) => ({ zh: `至少填写 ${p['limit']} 个字。`, en: `Enter at least ${p['limit']} characters.` }),
  maxLength: (p) => ({ zh: `最多 ${p['limit']} 个字,请缩短。`, en: `At most ${p['limit']} characters; shorten it.` }),
  minimum: (p) => ({ zh: `不能小于 ${p['limit']}。`, en: `Must be at least ${p['limit']}.` }),
  maximum: (p) => ({ zh: `不能大于 ${p['limit']}。`, en: `Must be at most ${p['limit']}.` }),
  minItems: (p) => ({ zh: `至少选择 ${p['limit']} 项。`, en: `Choose at least ${p['limit']}.` }),
  maxItems: (p) => ({ zh: `最多 ${p['limit']} 项。`, en: `At most ${p['limit']} items.` }),
  enum: () => ({ zh: '请从列出的选项中选择。', en: 'Choose one of the listed options.' }),
  const: () => ({ zh: '请从列出的选项中选择。', en: 'Choose one of the listed options.' }),
  anyOf: () => ({ zh: '请从列出的选项中选择。', en: 'Choose one of the listed options.' }),
  pattern: () => ({ zh: '格式不对,请按示例填写。', en: 'The form is not right; follow the example.' }),
};
const formatSentences: Record<string, Text> = {
  uuid: { zh: '编号无效,请从列表中重新选择。', en: 'The identifier is not valid; choose again from the list.' },
  date: { zh: '请按 2026-11-22 的格式填写真实存在的日期。', en: 'Enter a real date such as 2026-11-22.' },
  'date-time': { zh: '请按 2026-11-22T09:30:00+08:00 的格式填写时间。', en: 'Enter a time such as 2026-11-22T09:30:00+08:00.' },
};

function violationOf(error: ErrorObject): Violation {
  const missing = (error.params as { missingProperty?: string; additionalProperty?: string });
  const path = [...error.instancePath.split('/').slice(1), ...(missing.missingProperty ? [missing.missingProperty] : []), ...(missing.additionalProperty ? [missing.additionalProperty] : [])];
  // A schema may carry its own sentence: `Type.String({ mend: { zh, en } })`.
  const own = (error.parentSchema as { mend?: Text } | undefined)?.mend;
  const text = (error.keyword !== 'required' && own)
    || (error.keyword === 'format' ? formatSentences[(error.params as { format: string }).format] : undefined)
    || sentences[error.keyword]?.(error.params)
    || { zh: '此项填写不正确。', en: 'This entry is not valid.' };
  return { field: path.join('.'), code: error.keyword, ...text };
}

/** Compiles each schema once. */
function compiler(ajv: Ajv): (schema: TSchema) => ValidateFunction {
  const compiled = new WeakMap<object, ValidateFunction>();
  return (schema) => {
    let check = compiled.get(schema);
    if (check === undefined) {
      check = ajv.compile(schema as object);
      compiled.set(schema, check);
    }
    return check;
  };
}
/** Forms send text; numbers and lists are read out of it. */
const checkOfForm = compiler(checker({ coerceTypes: 'array', useDefaults: true }));
const checkAsItIs = compiler(checker({}));

function violationsIn(check: ValidateFunction): Violation[] {
  const seen = new Set<string>();
  return (check.errors ?? [])
    .filter((error) => !['if', 'oneOf'].includes(error.keyword))
    .map(violationOf)
    .filter((violation) => !seen.has(violation.field) && seen.add(violation.field));
}

/** PostgreSQL keeps no NUL in text; nobody types one, so it is refused wherever it stands. */
function fieldWithNul(value: unknown, field = ''): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? field : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = fieldWithNul(inner, field === '' ? name : `${field}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws Refusal kernel.invalid_input with all violations; @returns the coerced input */
export function validate(schema: TSchema, input: unknown): unknown {
  const check = checkOfForm(schema);
  const nul = fieldWithNul(input);
  if (nul !== undefined) throw new Refusal('kernel.invalid_input', { count: 1 }, [{ field: nul, code: 'nul', zh: '含有不可见的控制字符,请重新输入。', en: 'Holds an invisible control character; type it again.' }]);
  if (check(input)) return input;
  const violations = violationsIn(check);
  throw new Refusal('kernel.invalid_input', { count: violations.length }, violations);
}

/** Every fault of a value that a program made: nothing is coerced or filled in. Empty when it fits. */
export function violationsOf(schema: TSchema, value: unknown): Violation[] {
  const check = checkAsItIs(schema);
  return check(value) ? [] : violationsIn(check);
}
