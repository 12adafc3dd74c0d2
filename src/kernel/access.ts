/**
 * Finds the persons in an answer. A schema marks an object that shows a person with
 * `{ subject: 'person_id', fields: 'identity' }`; every mark in an answer becomes one access record.
 */
import type { TSchema } from 'typebox';
import type { AccessedSubject } from './context.ts';

interface Marked {
  subject?: string;
  fields?: string;
  type?: string;
  properties?: Record<string, Marked>;
  items?: Marked;
  anyOf?: Marked[];
}

function holdsSubjects(schema: Marked): boolean {
  return schema.subject !== undefined
    || Object.values(schema.properties ?? {}).some(holdsSubjects)
    || (schema.items !== undefined && holdsSubjects(schema.items))
    || (schema.anyOf ?? []).some(holdsSubjects);
}

function walk(schema: Marked, value: unknown, found: Map<string, AccessedSubject>): void {
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const item of value) walk(schema.items, item, found);
    return;
  }
  const object = value as Record<string, unknown>;
  if (schema.subject !== undefined) {
    const id = object[schema.subject];
    if (typeof id === 'string') {
      const before = found.get(id);
      const group = schema.fields ?? 'identity';
      if (before === undefined) found.set(id, { subject_id: id, field_group: group });
      else if (!before.field_group.split('+').includes(group)) before.field_group += `+${group}`;
    }
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) walk(property, object[name], found);
  for (const option of schema.anyOf ?? []) walk(option, value, found);
}

/** A function that lists the persons in answers of this schema, or undefined when there can be none. */
export function subjectFinder(schema: TSchema): ((answer: unknown) => AccessedSubject[]) | undefined {
  const marked = schema as Marked;
  if (!holdsSubjects(marked)) return undefined;
  return (answer) => {
    const found = new Map<string, AccessedSubject>();
    walk(marked, answer, found);
    return [...found.values()];
  };
}
