// A passkey of a virtual authenticator: made, used to sign in, and refused once it is let go. Prints what pages said.
import { readFileSync, mkdirSync } from 'node:fs';
import { Door } from './door.mjs';

const plan = JSON.parse(readFileSync(0, 'utf8'));
mkdirSync(plan.out, { recursive: true });
const door = await Door.open();
const context = await door.context({ width: 390, scripts: true });
const page = await context.newPage();
const devices = await context.newCDPSession(page);
await devices.send('WebAuthn.enable');
await devices.send('WebAuthn.addVirtualAuthenticator', { options: {
  protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
} });
const said = {};
const own = `${plan.base}/n/${plan.network}/me/passkeys`;
const there = async what => {
  await page.waitForSelector('form[data-passkey] button:visible');
  await page.screenshot({ path: `${plan.out}/${what}.png`, fullPage: true });
  await page.click('form[data-passkey] button');
};
const signIn = async name => {
  await context.clearCookies();
  await page.goto(`${plan.base}/n/${plan.network}/sign-in`);
  await page.screenshot({ path: `${plan.out}/sign-in.png`, fullPage: true });
  await page.fill('#name', name);
  await page.click('button[formaction$="/sign-in/passkey"]');
};
await door.signIn(page, plan);
await page.goto(own);
await page.fill('#name', 'my telephone');
await page.fill('#password', plan.password);
await page.click('form[action$="/make"] button');
await there('make');
await page.waitForURL(own);
said.made = await page.innerText('main');
await signIn(plan.name);
await there('get');
await page.waitForURL(`${plan.base}/n/${plan.network}/`);
said.home = await page.innerText('header');
// Somebody who has none, and nobody at all: the page is the same, and no passkey answers.
for (const name of ['Kofi', 'Nobody At All']) {
  await signIn(name);
  await page.waitForSelector('form[data-passkey] button:visible');
  said[name] = (await page.innerText('main')) + JSON.parse(await page.getAttribute('form[data-passkey]', 'data-options')).publicKey.allowCredentials.length;
}
await signIn(plan.name);
await there('get');
await page.waitForURL(`${plan.base}/n/${plan.network}/`);
await page.goto(own);
await page.click('form[action$="/forget"] button');
await page.waitForURL(own);
said.gone = await page.innerText('main');
await door.close();
console.log(JSON.stringify(said));
