// A network's first weeks, in a browser without scripts, by links, buttons and forms alone: it is founded, takes its
// members in from a table, invites somebody, offers, needs, matches, borrows, brings back, is refused and understands
// why, appeals, and votes. Only the founding link and the invitations are opened by address, as they are in life.
import { execFileSync } from 'node:child_process';
import { readFileSync, mkdirSync } from 'node:fs';
import { Door } from './door.mjs';

const plan = JSON.parse(readFileSync(0, 'utf8'));
mkdirSync(plan.out, { recursive: true });
const door = await Door.open();
const did = [];
let shots = 0;

// The trial network's calendar is moved by whoever runs the node.
const later = days => execFileSync(plan.program, [...plan.args, 'clock', 'advance', `${days}d`]);

class Somebody {
  static async arrive(width) {
    const one = new Somebody();
    one.context = await door.context({ width, scripts: plan.scripts });
    one.page = await one.context.newPage();
    return one;
  }
  async open(link) { await this.page.goto(link.startsWith('http') ? link : plan.base + link); return this; }
  async go(name) { await this.page.getByRole('link', { name, exact: true }).first().click(); return this; }
  async press(name) { await this.page.getByRole('button', { name }).first().click(); return this; }
  async fill(label, text) { await this.page.getByLabel(label, { exact: true }).fill(text); return this; }
  async sees(text) {
    const body = await this.page.locator('body').innerText();
    if (!body.replaceAll('\u00a0', ' ').includes(text)) throw new Error(`"${text}" is not on ${this.page.url()}:\n${body}`);
    return this;
  }
  async keep(what) {
    shots += 1;
    await this.page.screenshot({ path: `${plan.out}/${String(shots).padStart(2, '0')}-${what}.png`, fullPage: true });
    did.push(what);
    return this;
  }
}

const ada = await Somebody.arrive(plan.width);
await ada.open(plan.found);
await ada.page.getByRole('radio', { name: /tool-library/ }).check();
await ada.fill('What is it called?', 'Corner Shed');
await ada.fill('Your own name', 'Ada');
await ada.fill('A password', 'ada-secret');
await ada.fill('Who else keeps it?', 'Bo');
await ada.page.getByLabel('Only for trying out, with a calendar that can be moved').check();
await ada.press('Found it');
await ada.sees('corner-shed is founded');
const forBo = await ada.page.getByRole('link', { name: /invited/ }).getAttribute('href');
await ada.keep('founded');

// 300 members from a table, with three mistakes first.
await ada.go('Take in a table');
const rows = Array.from({ length: 300 }, (_, n) => `Member ${n + 1},,`);
const wrong = ['name,roles,training', ...rows];
wrong[7] = ',,'; wrong[70] = ',,'; wrong[270] = ',,ladder';
await ada.page.getByLabel('Or paste it here').fill(wrong.join('\n'));
await ada.press('See what would come of it');
for (const line of ['Line 8:', 'Line 71:', 'Line 271:']) await ada.sees(line);
await ada.sees('Nothing was taken in: 3 lines have to be mended.');
await ada.keep('three-mistakes');
await ada.page.getByLabel('Or paste it here').fill(['name,roles,training', ...rows].join('\n'));
await ada.press('See what would come of it');
await ada.sees('All 300 rows can be taken in as they stand.');
await ada.press('Take it in');
await ada.sees('300 rows were taken in.');
await ada.keep('members');

const bo = await Somebody.arrive(plan.width);
await bo.open(forBo);
await bo.sees('You belong here already, as Bo');
await bo.fill('A password', 'bo-secret');
await bo.press('Come in');
await bo.sees('Hello Bo');
await bo.go('Board');
await bo.go('Lend something of yours');
await bo.press('Write it down and offer it');
await bo.sees('Say what it is.');
await bo.fill('What do you lend?', 'Hammer drill');
await bo.fill('More about it, if you like', '<b>With</b> a case');
await bo.press('Write it down and offer it');
await bo.sees('Hammer drill was written down');
await bo.keep('offered');

// Somebody is invited, needs something, finds it, borrows it.
await ada.go('People');
await ada.go('Invite somebody');
await ada.fill('Who is it for?', 'Cleo');
await ada.press('Make an invitation');
await ada.sees('Cleo, you are invited to corner-shed');
await ada.keep('invitation');
const forCleo = await ada.page.getByRole('link', { name: /invited/ }).getAttribute('href');
const cleo = await Somebody.arrive(plan.width);
await cleo.open(forCleo);
await cleo.fill('Your name, by which you sign in', 'Cleo');
await cleo.fill('A password', 'cleo-secret');
await cleo.press('Come in');
await cleo.sees('Hello Cleo');
await cleo.keep('home');
const late = await Somebody.arrive(plan.width);
await late.open(forCleo);
await late.sees('It was used already');
await cleo.go('Board');
await cleo.go('Say what you need');
await cleo.fill('What do you need?', 'A drill for a shelf');
await cleo.fill('Until when?', 'friday');
await cleo.press('Put it on the board');
await cleo.sees('Done');
await cleo.go('Home');
await cleo.sees('There is something for "A drill for a shelf".');
await cleo.keep('matched');
await cleo.go('Look at it');
await cleo.sees('It is called "drill" too.');
await cleo.keep('need');
await cleo.go('Borrow Hammer drill');
await cleo.sees('20.00 €');
await cleo.keep('price');
await cleo.press('Borrow for 7 days + 20.00 € deposit');
await cleo.sees('Bo will hand it to Cleo.');
await cleo.keep('borrowed');

// It changes hands; meanwhile it is late; what follows is refused, and says why.
await bo.go('Home');
await bo.sees('Cleo comes by for Hammer drill: hand it over.');
await bo.go('See the loan');
await bo.press('Hand it over');
await bo.sees('Done');
await bo.go('Board');
await bo.go('Lend something of yours');
await bo.fill('What do you lend?', 'Long ladder');
await bo.press('Write it down and offer it');
later(9);
await cleo.go('Home');
await cleo.sees('was due');
await cleo.keep('late');
await cleo.go('Board');
await cleo.go('Long ladder');
await cleo.sees('You cannot borrow this yet: You have something that should have been brought back already.');
await cleo.sees('Bring it back');
await cleo.keep('refused');
await bo.go('Home');
await bo.go('Loans');
await bo.press('It is back');
await bo.sees('Done');
await bo.keep('back');
await cleo.go('Home');
await cleo.sees('You owe');
await cleo.keep('owes');

// A change of rules: written down, wanted by another, begun too early and refused, appealed against, voted on.
await cleo.go('Votes');
await cleo.go('Write down a rule change');
await cleo.fill('What to call it', 'Late days cost two euros');
await cleo.page.locator('[name="deposit.late-day"]').fill('2.00 EUR');
await cleo.press('Write it down');
await cleo.sees('Done');
await bo.go('Votes');
await bo.go('Late days cost two euros');
await bo.sees('1.50 EUR becomes 2.00 EUR');
await bo.press('I want this discussed');
await bo.sees('Done');
await cleo.go('Votes');
await cleo.go('Late days cost two euros');
await cleo.keep('change');
await cleo.press('Begin the vote');
await cleo.sees('That was not possible');
await cleo.keep('too-early');
await cleo.page.getByText('You think that this is wrong?').click();
await cleo.fill('Say why; somebody who is no party looks into it', 'Everybody has agreed already.');
await cleo.press('Appeal against it');
await cleo.sees('Done');
await cleo.keep('appealed');
later(3);
await cleo.go('Votes');
await cleo.go('Late days cost two euros');
await cleo.press('Begin the vote');
await cleo.sees('Done');
for (const one of [cleo, bo, ada]) {
  await one.go('Home');
  await one.sees('Your vote is missing: "Late days cost two euros"');
  await one.go('Votes');
  await one.go('Late days cost two euros');
  await one.page.getByLabel('for it', { exact: true }).check();
  await one.press('Vote');
  await one.sees('Done');
}
await bo.go('Votes');
await bo.go('Late days cost two euros');
await bo.sees('who could vote, 3 did');
await bo.keep('voted');
later(6);
await bo.go('Votes');
await bo.sees('accepted, and waits to be in force');
later(3);
await bo.go('Rules');
await bo.sees('The change that made them so: "Late days cost two euros"');
await bo.sees('2.00 EUR');
await bo.keep('in-force');
await bo.go('Votes');
await bo.go('Late days cost two euros');
await bo.sees('3 for it, 0 against');
await bo.keep('decided');
// Markup in a field is text.
await bo.go('Things');
await bo.go('Hammer drill');
await bo.sees('<b>With</b> a case');
await bo.keep('thing');

await door.close();
console.log(JSON.stringify({ did }));
