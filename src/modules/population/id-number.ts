export * from '../reference/id-number.ts';
