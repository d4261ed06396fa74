// A reranker that does not answer: the hits are there all the same, and a note says so.

import { logIn, screenshot, words } from "../browser.mjs";

export default async function labWithout({ page, facts }) {
  const t = words("en");
  await logIn(page, facts);
  await page.goto(`/console/datasets/${facts.dataset}/lab?q=${encodeURIComponent(facts.question)}&rerank=${facts.reranker}`);
  await page.getByRole("note").filter({ hasText: t("lab:results.notes") }).waitFor();
  const hits = page.getByRole("list", { name: t("lab:results.list") }).getByRole("listitem");
  await hits.first().waitFor();
  await screenshot(page, facts, "without");
  return { hits: await hits.count(), note: await page.getByRole("note").first().textContent() };
}
