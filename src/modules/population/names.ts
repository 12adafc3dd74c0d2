export * from '../reference/names.ts';
