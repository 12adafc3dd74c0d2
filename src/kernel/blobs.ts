/** Content-addressed files: written durably before anything that names them is committed. */
import { createHash } from 'node:crypto';
import { open, mkdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newId } from './ids.ts';

export interface BlobStore {
  /** @returns the SHA-256 in hex, once the bytes are on disk */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws Error when the file is missing or its bytes no longer match its name */
  get(sha256: string): Promise<Uint8Array>;
  has(sha256: string): Promise<boolean>;
  /** Gone for good once this returns; a file that is gone already is no fault. Whoever calls it knows that nothing names the bytes. */
  delete(sha256: string): Promise<void>;
}

function pathOf(directory: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('a blob is named by its SHA-256');
  return join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
}

/** Writes bytes so that they survive a crash: file flushed, renamed, directory flushed. */
export async function writeDurably(path: string, bytes: Uint8Array | string, directory: string): Promise<void> {
  const temporary = join(directory, `.${newId()}`);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await flushDirectory(directory);
}

/** Until its directory is flushed, a file that came or went may be back after a power cut. */
async function flushDirectory(directory: string): Promise<void> {
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export function diskBlobStore(directory: string): BlobStore {
  return {
    async put(bytes) {
      const name = createHash('sha256').update(bytes).digest('hex');
      const path = pathOf(directory, name);
      const folder = dirname(path);
      const present = await stat(path).then((found) => found.size === bytes.byteLength, () => false);
      if (!present) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeDurably(path, bytes, folder);
      }
      return name;
    },
    async get(sha256) {
      const bytes = await readFile(pathOf(directory, sha256));
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`blob ${sha256} is damaged`);
      return bytes;
    },
    async has(sha256) {
      return stat(pathOf(directory, sha256)).then(() => true, () => false);
    },
    async delete(sha256) {
      const path = pathOf(directory, sha256);
      try {
        await unlink(path);
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return;
        throw error;
      }
      await flushDirectory(dirname(path));
    },
  };
}
