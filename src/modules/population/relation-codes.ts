export * from '../reference/relation-codes.ts';
