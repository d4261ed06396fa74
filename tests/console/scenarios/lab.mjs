// The lab with a reranker: what it says orders and is told; one that fails is done without. Long hits show what matters.

import { check, inaccessible, logIn, screenshot, words } from "../browser.mjs";

export default async function lab({ page, facts }) {
  const t = words("en");
  await logIn(page, facts);
  await page.goto(`/console/datasets/${facts.dataset}/lab?q=${encodeURIComponent(facts.question)}&k=5`);
  const hits = page.getByRole("list", { name: t("lab:results.list") }).getByRole("listitem");
  await hits.first().waitFor();
  const before = await names(hits);
  await page.getByRole("combobox", { name: t("lab:form.reranker") }).click();
  await page.getByRole("option", { name: facts.reranker }).click();
  await page.getByRole("button", { name: t("lab:form.search"), exact: true }).click();
  await page.getByText(t("lab:plan.reranker", { name: facts.reranker })).waitFor();
  const after = await names(hits);
  for (let rank = 1; rank <= after.length; rank++)
    await page.getByRole("button", { name: t("lab:hit.explainOf", { rank }), exact: true }).click();
  const made = page.getByRole("table", { name: t("lab:explain.parts") });
  await made.nth(after.length - 1).waitFor();
  const tables = await made.allTextContents();
  const scores = await hits.locator("dl").allTextContents();
  const faults = await inaccessible(page);
  check(faults.length === 0, `a reranked answer is not accessible: ${faults.join("\n")}`);
  await screenshot(page, facts, "reranked");
  const long = hits.filter({ hasText: facts.long });
  const shown = await long.locator("p").filter({ hasText: facts.together }).count();
  check(shown > 0, "a long hit does not show where most of the words stand");
  await long.getByText(t("text.all")).click();
  await long.getByText(facts.ending).waitFor();
  return { before, after, tables, scores };
}

const names = (hits) => hits.getByRole("link").allTextContents();
