/** Placeholder until `npm run generate` writes the types of the migrated schema. */
// biome-ignore lint/suspicious/noExplicitAny: replaced by generated types
export type DB = any;
