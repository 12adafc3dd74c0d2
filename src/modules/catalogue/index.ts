/** The face of the catalogue. */
export * from './bureau-policy.ts';
export * from './code-options.ts';
export * from './conditions.ts';
export * from './correction-fields.ts';
export * from './form.ts';
export * from './guide.ts';
export * from './load.ts';
export * from './organisation-code.ts';
export * from './papers.ts';
export * from './parcel-bodies.ts';
export * from './plain-words.ts';
export * from './policy.ts';
export * from './route-drawing.ts';
export * from './service.ts';
export * from './words.ts';
