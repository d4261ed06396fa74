// A language that was chosen at the console waits for its member in every other browser.

import { check, field, logIn, words } from "../browser.mjs";

export default async function languages({ page, browser, facts }) {
  const [en, zh] = [words("en"), words("zh")];
  await logIn(page, facts);
  const kept = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await choose(page, en, "中文");
  await kept;
  const elsewhere = await browser.newContext({ baseURL: facts.site, locale: "en-GB" });
  const other = await elsewhere.newPage();
  await other.goto("/console/login");
  // Nobody is known yet: the browser's language.
  await field(other, en("start:login.login")).fill(facts.login);
  await field(other, en("start:login.password")).fill(facts.password);
  await other.getByRole("button", { name: en("start:login.enter") }).click();
  await other.getByRole("link", { name: zh("places.datasets") }).waitFor();
  check((await other.locator("html").getAttribute("lang")) === "zh", "the page does not say that it is Chinese");
  await other.evaluate(() => localStorage.clear());
  await other.reload();
  await other.getByRole("link", { name: zh("places.datasets") }).waitFor();
  const back = other.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await choose(other, zh, "English");
  await back;
  await elsewhere.close();
  await page.reload();
  await page.getByRole("link", { name: en("places.datasets") }).waitFor();
}

async function choose(page, t, name) {
  await page.getByRole("button", { name: t("menu.language") }).click();
  await page.getByRole("menuitem", { name }).click();
}
