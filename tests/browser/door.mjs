// A Chromium without scripts, and signing in by the form.
import { createRequire } from 'node:module';

const require = createRequire(process.env.REFLOW_BROWSER + '/');
const { chromium } = require('playwright-core');
const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--force-color-profile=srgb'];

export class Door {
  static async open() {
    const door = new Door();
    const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
    door.browser = await chromium.launch({ executablePath: process.env.REFLOW_CHROMIUM, args });
    return door;
  }

  context({ width = 1280, scheme = 'light', language = 'en', scripts = false } = {}) {
    return this.browser.newContext({
      javaScriptEnabled: scripts, colorScheme: scheme, locale: language, viewport: { width, height: 800 }, acceptDownloads: true,
    });
  }

  async signIn(page, { base, network, name, password }) {
    await page.goto(`${base}/n/${network}/sign-in`);
    await page.fill('#name', name);
    await page.fill('#password', password);
    await page.click('main button');
  }

  close() {
    return this.browser.close();
  }
}
