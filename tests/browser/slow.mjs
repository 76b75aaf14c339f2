// Pages over a slow line: each in a browser that has nothing yet but a session, from the click to the page being there.
import { readFileSync } from 'node:fs';
import { Door } from './door.mjs';

const plan = JSON.parse(readFileSync(0, 'utf8'));
const door = await Door.open();
const found = [];
for (const path of plan.pages) {
  for (const visit of ['first', 'again']) {
    const context = await door.context();
    const page = await context.newPage();
    await door.signIn(page, plan);
    const line = await context.newCDPSession(page);
    await line.send('Network.enable');
    if (visit === 'first') await line.send('Network.clearBrowserCache');
    await line.send('Network.emulateNetworkConditions', { offline: false, latency: plan.latency, downloadThroughput: plan.bits / 8, uploadThroughput: plan.bits / 8 });
    const begun = Date.now();
    await page.goto(`${plan.base}/n/${plan.network}/${path}`, { waitUntil: 'domcontentloaded' });
    const there = Date.now() - begun;
    await page.waitForLoadState('load');
    found.push({ path, visit, there, whole: Date.now() - begun });
    await context.close();
  }
}
await door.close();
console.log(JSON.stringify(found));
