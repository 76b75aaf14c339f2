// A key that a browser keeps: made, used, and changed to the next one. Prints what the page says after each.
import { readFileSync, mkdirSync } from 'node:fs';
import { Door } from './door.mjs';

const plan = JSON.parse(readFileSync(0, 'utf8'));
mkdirSync(plan.out, { recursive: true });
const door = await Door.open();
const page = await (await door.context({ width: 390, scripts: true })).newPage();
await door.signIn(page, plan);
const said = [];
for (const step of ['made', 'changed']) {
  await page.goto(`${plan.base}/n/${plan.network}/me/key`);
  await page.locator('button[data-make]:visible').first().click();
  await page.waitForSelector('form[data-sign]');
  await page.waitForFunction(() => document.querySelector('#signature').value.length === 128);
  await page.screenshot({ path: `${plan.out}/key-sign-${step}.png`, fullPage: true });
  await page.click('form[data-sign] button');
  await page.waitForSelector('textarea#names', { state: 'attached' });
  said.push({ state: await page.innerText('.state'), key: await page.locator('details code').last().textContent() });
}
await door.close();
console.log(JSON.stringify(said));
