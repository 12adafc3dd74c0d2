/** A Chromium for the tests and the pictures: the one of the system, else the one that npm brings. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const ofTheSystem = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** No sandbox inside a sandbox, and not one word to the network on its own account. */
const words = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic', '--disable-dev-shm-usage', '--font-render-hinting=none'];

/** Starts a browser without a window. `HUZHENG_CHROMIUM=npm` takes the one of npm although the system has one. */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env['HUZHENG_CHROMIUM'] === 'npm' ? undefined : ofTheSystem.find((path) => existsSync(path));
  if (installed !== undefined) return chromium.launch({ executablePath: installed, headless: true, args: words });
  const directory = await unpackOfNpm();
  const libraries = [join(directory, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter);
  return chromium.launch({
    executablePath: join(directory, 'chromium'), headless: true, args: [...words, '--no-zygote', '--headless=shell'],
    // A bare machine has neither the libraries nor the fonts of a desktop.
    env: { ...process.env, LD_LIBRARY_PATH: libraries, ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: tellFonts(directory) }) } as Record<string, string>,
  });
}

/** Latin letters come with the browser, Chinese ones with the papers of the project. @returns the file that says so */
function tellFonts(directory: string): string {
  const file = join(directory, 'fonts.conf');
  const chinese = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-serif-sc/package.json'));
  writeFileSync(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(directory, 'fonts')}</dir><dir>${chinese}</dir><cachedir>${join(directory, 'font-cache')}</cachedir></fontconfig>`);
  return file;
}

/** Unpacks once for each version; a directory bears its name only when it is whole. @returns the directory */
async function unpackOfNpm(): Promise<string> {
  const packed = dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
  const { version } = createRequire(import.meta.url)(join(packed, '../package.json')) as { version: string };
  const whole = join(tmpdir(), `huzheng-chromium-${version}-${process.getuid!()}`);
  if (existsSync(whole)) return whole;
  const { inflate } = await import('@sparticuz/chromium');
  const begun = mkdtempSync(join(tmpdir(), 'huzheng-chromium-'));
  const { TMPDIR: before } = process.env;
  // The package unpacks into the temporary directory of the moment.
  process.env['TMPDIR'] = begun;
  try {
    for (const part of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']) await inflate(join(packed, '../bin', part));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  try {
    renameSync(begun, whole);
  } catch (error) {
    // Another run was quicker.
    if (!existsSync(whole)) throw error;
    rmSync(begun, { recursive: true, force: true });
  }
  return whole;
}
