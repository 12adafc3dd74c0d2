import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { checkImage, closeImageCheck } from './image-check.ts';

afterAll(closeImageCheck);

const paper = (width = 1200, height = 900) => sharp({ create: { width, height, channels: 3, background: '#f4efe6' } })
  .composite([{ input: Buffer.from(`<svg width="${width}" height="${height}">${Array.from({ length: 40 }, (_, i) => `<text x="40" y="${i * 22 + 30}" font-size="18">不动产权证书 530102 ${i}</text>`).join('')}</svg>`) }]);

/** A PNG whose header promises a picture of this size and whose data are a few bytes of zeros. */
function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4), sum = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))), chunk('IEND', Buffer.alloc(0))]);
}

test('a photograph comes back as a picture of the same kind, turned as the camera said, without its tags', async () => {
  const photo = await paper().jpeg().withExif({ IFD0: { Artist: '李明', Copyright: 'secret' }, IFD3: { GPSLatitude: '25/1 2/1 0/1' } }).withMetadata({ orientation: 6 }).toBuffer();
  expect(photo.includes(Buffer.from('secret'))).toBe(true);
  const checked = await checkImage(photo);
  expect(checked).toMatchObject({ ok: true, media_type: 'image/jpeg', width: 900, height: 1200, hint: null });
  const { exif, icc, xmp } = await sharp((checked as { bytes: Uint8Array }).bytes).metadata();
  expect([exif, icc, xmp]).toEqual([undefined, undefined, undefined]);
});

test('a PNG stays a PNG, and very large sides are scaled down', async () => {
  expect(await checkImage(await paper().png().toBuffer())).toMatchObject({ ok: true, media_type: 'image/png', width: 1200 });
  expect(await checkImage(await sharp({ create: { width: 6000, height: 4000, channels: 3, background: '#fff' } }).jpeg().toBuffer())).toMatchObject({ ok: true, width: 3200, height: 2133 });
});

test('what follows the picture in its file is not kept', async () => {
  const polyglot = Buffer.concat([await paper().jpeg().toBuffer(), Buffer.from('<script>alert(1)</script>PK\u0003\u0004')]);
  const checked = await checkImage(polyglot);
  expect(checked.ok && Buffer.from(checked.bytes).includes(Buffer.from('<script>'))).toBe(false);
});

test.each([
  ['a PDF', Buffer.from('%PDF-1.7 …'), 'not_image'], ['a drawing with a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'not_image'],
  ['a GIF', Buffer.from('GIF89a…'), 'not_image'], ['nothing', Buffer.alloc(0), 'empty'], ['more than 10 MB', Buffer.alloc(10 * 1_048_576 + 1, 0xff), 'too_large'],
  ['the beginning of a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3]), 'broken'],
  ['a picture of 900 million pixels in a small file', bomb(30_000, 30_000), 'too_many_pixels'],
  ['a picture that breaks off', bomb(4000, 4000), 'broken'],
])('%s is refused', async (_title, bytes, fault) => {
  expect(await checkImage(bytes)).toEqual({ ok: false, fault });
});

test('a dark, a blurred and a tiny photograph are taken with a hint', async () => {
  const light = await paper().png().toBuffer();
  expect(await checkImage(await sharp(light).linear(0.12).jpeg().toBuffer())).toMatchObject({ ok: true, hint: 'dark' });
  expect(await checkImage(await sharp(light).blur(25).jpeg().toBuffer())).toMatchObject({ ok: true, hint: 'blurred' });
  expect(await checkImage(await paper(300, 200).jpeg().toBuffer())).toMatchObject({ ok: true, hint: 'small' });
});

test('the process that opens pictures can neither write, reach the network nor start programs', async () => {
  const { fork } = await import('node:child_process');
  const { writeFileSync, mkdtempSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { tmpdir } = await import('node:os');
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-confined-'));
  const file = join(directory, 'try.mjs');
  writeFileSync(file, `
    const tries = {
      write: () => import('node:fs').then((fs) => fs.writeFileSync(${JSON.stringify(join(directory, 'x'))}, 'x')),
      read: () => import('node:fs').then((fs) => fs.readFileSync('/etc/passwd')),
      start: () => import('node:child_process').then((c) => c.execSync('true')),
      network: () => import('node:net').then((net) => new Promise((resolve, reject) => net.connect(9, '127.0.0.1').on('connect', resolve).on('error', reject))),
    };
    const said = {};
    for (const [name, act] of Object.entries(tries)) said[name] = await act().then(() => 'done', (error) => error.code);
    process.send(said);`);
  const { openerArguments } = await import('./image-check.ts');
  const said = await new Promise((resolve) => {
    const child = fork(file, [], { execArgv: [...openerArguments, `--allow-fs-read=${file}`], env: {}, serialization: 'advanced' });
    child.on('message', (message) => {
      resolve(message);
      child.kill();
    });
  });
  expect(said).toEqual({ write: 'ERR_ACCESS_DENIED', read: 'ERR_ACCESS_DENIED', start: 'ERR_ACCESS_DENIED', network: 'ERR_ACCESS_DENIED' });
});
