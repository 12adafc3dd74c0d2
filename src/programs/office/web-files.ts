/**
 * The built pages, held in memory and compressed once: a few hundred kilobytes that every workstation
 * asks for. Files under assets/ carry their digest in the name and are kept for ever by browsers.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.json': 'application/json; charset=utf-8', '.txt': 'text/plain; charset=utf-8',
};
const compressible = /\.(html|js|css|svg|json|txt)$/;

interface WebFile {
  media_type: string;
  cache: string;
  plain: Buffer;
  packed: Readonly<Record<string, Buffer>>;
}

function readWebFiles(directory: string, under: string): Map<string, WebFile> {
  const files = new Map<string, WebFile>();
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = `${under}/${relative(directory, path)}`;
    const plain = readFileSync(path);
    files.set(name, {
      media_type: mediaTypes[extname(name)] ?? 'application/octet-stream',
      cache: name.startsWith(`${under}/assets/`) ? 'public, max-age=31536000, immutable' : 'no-store',
      plain,
      packed: compressible.test(name) ? { br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }), gzip: gzipSync(plain, { level: 9 }) } : {},
    });
  }
  return files;
}

function send(request: FastifyRequest, reply: FastifyReply, file: WebFile): FastifyReply {
  const wished = request.headers['accept-encoding'] ?? '';
  const encoding = ['br', 'gzip'].find((name) => name in file.packed && new RegExp(`\\b${name}\\b`).test(wished));
  reply.header('cache-control', file.cache).header('vary', 'accept-encoding').type(file.media_type);
  if (encoding === undefined) return reply.send(file.plain);
  return reply.header('content-encoding', encoding).send(file.packed[encoding]);
}

/**
 * Serves the pages: files by their path, and the page itself for every address that is not the API's,
 * so that each screen can be reloaded and kept as a bookmark.
 * @param directory the build's output; without one the server answers the API alone
 * @param under path under which the pages stand, such as `/field`
 * @returns whether there are pages
 */
export function serveWebFiles(app: FastifyInstance, directory: string, under = ''): boolean {
  if (!existsSync(join(directory, 'index.html'))) return false;
  const files = readWebFiles(directory, under);
  const page = files.get(`${under}/index.html`)!;
  // The router takes no slash at the end for an address of its own.
  if (under !== '') app.get(under, async (request, reply) => send(request, reply, page));
  app.get(`${under}/*`, async (request, reply) => {
    const path = decodedPath(request.url);
    const file = files.get(path);
    if (file !== undefined) return send(request, reply, file);
    // What looks like a file and is none must not get a page in its place.
    if (path.startsWith('/api/') || path.startsWith(`${under}/assets/`) || !(request.headers.accept ?? '').includes('text/html')) return reply.callNotFound();
    return send(request, reply, page);
  });
  return true;
}

function decodedPath(url: string): string {
  try {
    return decodeURIComponent(url.split('?')[0]!);
  } catch {
    return '';
  }
}
