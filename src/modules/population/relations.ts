export * from '../reference/relations.ts';
