/** The face of the kernel. It knows no business word and imports no module. */
export * from './actor.ts';
export * from './blobs.ts';
export * from './clock.ts';
export * from './config.ts';
export * from './context.ts';
export * from './database.ts';
export * from './http.ts';
export * from './ids.ts';
export { closeImageCheck, type ImageFault, type ImageHint } from './image-check.ts';
export * from './jobs.ts';
export * from './keys.ts';
export * from './log.ts';
export * from './operation.ts';
export * from './pictures.ts';
export * from './refusal.ts';
export * from './signed-requests.ts';
export * from './validation.ts';
