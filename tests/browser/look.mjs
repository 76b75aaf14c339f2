// Looks at pages as people do: narrow and wide, light and dark, without scripts. Reads what to look at from
// standard input, keeps a screenshot of each, and prints what it found as one JSON document.
import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Door } from './door.mjs';

const require = createRequire(process.env.REFLOW_BROWSER + '/');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const plan = JSON.parse(readFileSync(0, 'utf8'));
mkdirSync(plan.out, { recursive: true });
const door = await Door.open();
const found = [];
// What keeps people out of a page, a line each.
const barriers = async (inside, address) => {
  await inside.goto(address);
  await inside.evaluate(axe);
  const report = await inside.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return report.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(' | ')}`);
};
// What axe looks for depends on one of the two at a time: each width and each scheme is examined once.
const views = [[320, 'light', false], [320, 'dark', true], [1280, 'light', true], [1280, 'dark', false]];
for (const [width, scheme, examined] of views) {
  const context = await door.context({ width, scheme, language: plan.language });
  const page = await context.newPage();
  const elsewhere = [];
  page.on('request', request => { if (!request.url().startsWith(plan.base)) elsewhere.push(request.url()); });
  // axe is a script itself: it looks at the same page in a window of its own, signed in by the same cookie.
  const other = await door.context({ width, scheme, language: plan.language, scripts: true });
  const inside = await other.newPage();
  if (plan.name) await door.signIn(page, plan);
  await other.addCookies(await context.cookies());
  for (const { name, path } of plan.pages) {
    const response = await page.goto(plan.base + path);
    const style = await page.getAttribute('link[rel=stylesheet]', 'href');
    const parts = await Promise.all([path, style].map(one => context.request.get(plan.base + one)));
    const bytes = (await Promise.all(parts.map(part => part.body()))).reduce((sum, body) => sum + body.length, 0);
    await page.screenshot({ path: `${plan.out}/${name}-${width}-${scheme}.png`, fullPage: true });
    const looks = await page.evaluate(() => ({
      sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      small: [...document.querySelectorAll('button, .button, nav a, input:not([type=hidden], [type=radio], [type=checkbox])')]
        .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 43.5 && !one.closest('summary, .me, footer') && !one.classList.contains('link'))
        .map(one => one.outerHTML.slice(0, 120)),
      scripts: document.scripts.length,
    }));
    const violations = examined ? await barriers(inside, plan.base + path) : [];
    found.push({ name, width, scheme, status: response.status(), bytes, ...looks, violations, elsewhere: elsewhere.splice(0) });
  }
  await context.close();
  await other.close();
}
await door.close();
console.log(JSON.stringify(found));
