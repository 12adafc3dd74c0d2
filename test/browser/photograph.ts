import sharp from 'sharp';

export interface Photograph {
  name: string;
  mimeType: 'image/jpeg';
  buffer: Buffer;
}

/** A paper as a phone takes it: a page with a title and lines, a little askew on a table. */
export async function photographOf(title: string, lines: readonly string[]): Promise<Photograph> {
  const rows = lines.map((line, index) => `<text x="120" y="${290 + index * 80}" font-size="34">${line}</text><line x1="120" y1="${308 + index * 80}" x2="880" y2="${308 + index * 80}" stroke="#b9b2a2" stroke-width="2"/>`).join('');
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="1000" font-family="Noto Serif CJK SC, Noto Serif SC, serif" fill="#2b2a28">
    <defs><linearGradient id="table" x2="1" y2="1"><stop stop-color="#8f7a63"/><stop offset="1" stop-color="#6d5a47"/></linearGradient></defs>
    <rect width="1200" height="1000" fill="url(#table)"/>
    <g transform="translate(100 60) rotate(-1.2 500 430)"><rect x="12" y="16" width="1000" height="870" fill="#000" opacity=".25"/><rect width="1000" height="870" fill="#f6f1e4"/>
      <rect x="50" y="50" width="900" height="770" fill="none" stroke="#9a3a2c" stroke-width="5"/><rect x="64" y="64" width="872" height="742" fill="none" stroke="#9a3a2c" stroke-width="2"/>
      <text x="500" y="180" font-size="66" font-weight="bold" text-anchor="middle" fill="#9a3a2c">${title}</text>${rows}
      <text x="500" y="780" font-size="28" text-anchor="middle" fill="#9a3a2c">演示样本 · 内容虚构</text></g></svg>`;
  return { name: `${title}.jpg`, mimeType: 'image/jpeg', buffer: await sharp(Buffer.from(page)).jpeg({ quality: 82 }).toBuffer() };
}
