// Signing in through another service, without scripts: before it is tied, tying it, and after. Prints what pages said.
import { readFileSync, mkdirSync } from 'node:fs';
import { Door } from './door.mjs';

const plan = JSON.parse(readFileSync(0, 'utf8'));
mkdirSync(plan.out, { recursive: true });
const door = await Door.open();
const said = {};

// The other service's own pages: who one is, and that this node may know.
const there = async (page, login) => {
  await page.waitForSelector('input[name=login]');
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', 'whatever');
  await page.click('button[type=submit]');
  await page.waitForSelector('button[autofocus], main');
  if (await page.locator('button[autofocus]').count()) await page.click('button[autofocus]');
};
const fresh = async () => {
  const context = await door.context({ width: 390 });
  // That service's pages want letters from elsewhere: nothing leaves this machine.
  const here = url => ['127.0.0.1', 'localhost'].includes(url.hostname);
  await context.route(url => !here(url), route => route.abort());
  return context.newPage();
};
const through = async (page, login) => {
  await page.goto(`${plan.base}/n/${plan.network}/sign-in`);
  await page.screenshot({ path: `${plan.out}/sign-in.png`, fullPage: true });
  await page.click('a[href$="/sign-in/through"]');
  await there(page, login);
  await page.waitForSelector('h1');
};

let page = await fresh();
await through(page, 'amara.at.work');
said.unknown = await page.innerText('main');

page = await fresh();
await door.signIn(page, plan);
await page.goto(`${plan.base}/n/${plan.network}/me`);
await page.screenshot({ path: `${plan.out}/me.png`, fullPage: true });
await page.click('a[href$="/me/through"]');
await there(page, 'amara.at.work');
said.tied = await page.innerText('main');
await page.click('main a.button');
said.me = await page.innerText('main');

page = await fresh();
await through(page, 'amara.at.work');
await page.waitForURL(`${plan.base}/n/${plan.network}/`);
said.home = await page.innerText('header');

page = await fresh();
await through(page, 'somebody.else');
said.other = await page.innerText('main');
await door.close();
console.log(JSON.stringify(said));
