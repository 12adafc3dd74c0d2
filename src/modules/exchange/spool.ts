/** The directory that a gatekeeper ferries: parcels and sealed attachments of one direction, and what was refused. */
import { mkdir, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../kernel/index.ts';
import { attachmentFileBytesMax, orphanHours, parcelFileBytesMax, refusedFilesMax, type Direction } from './rules.ts';

export interface Spool {
  directory: string;
  refused_directory: string;
}

export interface SpoolListing {
  /** Names of parcel files in the order of their numbers. */
  parcels: string[];
  /** Names that neither side writes. */
  strangers: string[];
  /** Sealed attachments and half-written files. */
  others: string[];
}

export async function openSpool(spool_directory: string, direction: Direction): Promise<Spool> {
  const directory = join(spool_directory, direction);
  const refused_directory = join(directory, 'refused');
  await mkdir(refused_directory, { recursive: true, mode: 0o700 });
  return { directory, refused_directory };
}

export const parcelFileName = (sequence: number): string => `${String(sequence).padStart(12, '0')}.parcel`;
export const attachmentFileName = (sha256: string): string => `${sha256}.blob`;

/** What lies in the directory now. Half-written files begin with a dot and are not looked at. */
export async function listSpool(spool: Spool): Promise<SpoolListing> {
  const listing: SpoolListing = { parcels: [], strangers: [], others: [] };
  for (const entry of await readdir(spool.directory, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name === 'refused') continue;
    if (entry.isFile() && /^\d{12}\.parcel$/.test(entry.name)) listing.parcels.push(entry.name);
    else if (entry.isFile() && (entry.name.startsWith('.') || /^[0-9a-f]{64}\.blob$/.test(entry.name))) listing.others.push(entry.name);
    // A link, a pipe or a directory of any name would be followed into somewhere else.
    else listing.strangers.push(entry.name);
  }
  listing.parcels.sort();
  return listing;
}

async function readBounded(path: string, bytesMax: number): Promise<Buffer | 'too_large' | undefined> {
  try {
    if ((await stat(path)).size > bytesMax) return 'too_large';
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const readParcelFile = (spool: Spool, name: string) => readBounded(join(spool.directory, name), parcelFileBytesMax);
export const readAttachmentFile = (spool: Spool, sha256: string) => readBounded(join(spool.directory, attachmentFileName(sha256)), attachmentFileBytesMax);

/** Writes a file whole or not at all; a file of the same name is replaced. */
export const writeSpoolFile = (spool: Spool, name: string, bytes: Uint8Array): Promise<void> => writeDurably(join(spool.directory, name), bytes, spool.directory);

export const isInSpool = (spool: Spool, name: string): Promise<boolean> => stat(join(spool.directory, name)).then(() => true, () => false);

async function toleratingAbsence(work: Promise<unknown>): Promise<void> {
  await work.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

export const removeFromSpool = (spool: Spool, name: string): Promise<void> => toleratingAbsence(unlink(join(spool.directory, name)));

/** Moves a refused file out of the way under its refusal's number. */
export async function setAside(spool: Spool, name: string, refused_id: string): Promise<void> {
  const full = (await readdir(spool.refused_directory)).length >= refusedFilesMax;
  const path = join(spool.directory, name);
  await (full ? rm(path, { recursive: true, force: true }) : toleratingAbsence(rename(path, join(spool.refused_directory, `${refused_id}.${name}`))));
}

/** Removes sealed attachments and half-written files that no parcel waits for any more. */
export async function sweepOrphans(spool: Spool, now: Date): Promise<void> {
  const { parcels, others } = await listSpool(spool);
  // While parcels wait here their attachments do too, however old.
  if (parcels.length > 0) return;
  for (const name of others) {
    const written = await stat(join(spool.directory, name)).catch(() => undefined);
    if (written !== undefined && now.getTime() - written.mtimeMs > orphanHours * 3_600_000) await removeFromSpool(spool, name);
  }
}
