// node play.mjs SCENARIO FACTS: plays scenarios/SCENARIO.mjs in a browser, with FACTS as JSON. Fails with what was seen.

import { launch, open, screenshot } from "./browser.mjs";

const [name, given] = process.argv.slice(2);
const facts = JSON.parse(given);
const { default: play, options = {} } = await import(`./scenarios/${name}.mjs`);
const browser = await launch(facts.browser);
const { page, watched, context } = await open(browser, facts.site, options);
try {
  const found = await play({ page, context, browser, watched, facts });
  if (watched.faults.length > 0) throw new Error(`The page had faults:\n${watched.faults.join("\n")}`);
  process.stdout.write(JSON.stringify(found ?? {}));
} catch (error) {
  await screenshot(page, facts, `${name}-failed`).catch(() => undefined);
  process.stderr.write(`${error.stack}\nAt ${page.url()}\nFaults:\n${watched.faults.join("\n")}\n`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
