export * from '../reference/name-table.ts';
