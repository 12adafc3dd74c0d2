/** The private directory of the server's socket: the only way in, so the file system is the gate. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotStart } from '../start-refusals.ts';

/** The socket is named after a port although nothing listens on the network. */
export const socketPort = 5432;

/** The shortest limit among the systems we serve (macOS 104 bytes with the closing zero, Linux 108). */
const socketPathBytesMax = 103;

/**
 * Makes the directory: inside `directory`, or under the system's temporary directory when the path
 * would be too long or the disk holds no sockets (shared folders of virtual machines).
 * @throws Refusal start.socket_directory_taken
 */
export async function makeSocketDirectory(directory: string): Promise<string> {
  const inside = join(directory, 'socket');
  makePrivate(inside);
  if (fits(inside) && await holdsSockets(inside)) return inside;

  const key = createHash('sha256').update(`${process.getuid!()} ${directory}`).digest('hex').slice(0, 16);
  const outside = [tmpdir(), '/tmp'].map((parent) => join(parent, `huzheng-${key}`)).find(fits)!;
  makePrivate(outside);
  return outside;
}

function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, `.s.PGSQL.${socketPort}`)) <= socketPathBytesMax;
}

function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  const root = process.getuid!() === 0;
  // Whoever owns the directory could put a server of his own there.
  if (!found.isDirectory() || (found.uid !== process.getuid!() && !root)) throw cannotStart('socket_directory_taken', { directory });
  if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700);
}

function holdsSockets(directory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(join(directory, `.probe.${process.pid}`), () => probe.close(() => resolve(true)));
  });
}
