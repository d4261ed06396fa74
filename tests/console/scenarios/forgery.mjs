// Pages of other origins, one of them on this host where the cookie goes along, change nothing and plant nothing.

import { check, logIn, words } from "../browser.mjs";

const SAME_HOST = "http://127.0.0.1:59996";
const ELSEWHERE = "http://localhost:59996";
const SESSION = "/diglot/v1/session";
const COOKIE = "diglot_session";
const PLANTED = "p".repeat(43);

export default async function forgery({ page, context, watched, facts }) {
  const t = words("en");
  await context.addCookies([{ name: COOKIE, value: PLANTED, domain: "127.0.0.1", path: SESSION }]);
  await logIn(page, facts);
  const first = await secret(context);
  check(first !== PLANTED, "a cookie that was there before was adopted");
  for (const origin of [SAME_HOST, ELSEWHERE]) {
    await context.route(`${origin}/**`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Another page</title>" }),
    );
    const readable = await fetched(context, origin, facts);
    check(readable.length === 0, `a page of ${origin} can read ${readable}`);
    const accepted = await submitted(context, origin, facts);
    check(accepted.length === 0, `forms of ${origin} were accepted: ${accepted}`);
  }
  check((await secret(context)) === first, "a page of others changed the session");
  await planted(page, context, watched, t, first);
  await page.goto("/console/account");
  await page.getByRole("button", { name: `${t("menu.account")}: ${facts.name}` }).waitFor();
}

async function secret(context) {
  const found = (await context.cookies()).filter(({ name }) => name === COOKIE);
  check(found.length === 1, `there are ${found.length} cookies of sessions`);
  return found[0].value;
}

/** Each with everything that a script may try; what it can read of the answers. */
async function fetched(context, origin, facts) {
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  const read = await page.evaluate(attempts, { site: facts.site, changes: facts.changes });
  await page.close();
  return read;
}

async function attempts({ site, changes }) {
  const found = [];
  const ways = [{}, { "Content-Type": "application/json" }, { "X-Diglot-Session": "1" }];
  for (const { method, path, body } of changes) {
    for (const headers of ways) {
      const options = { method, headers, credentials: "include", ...(body ? { body: JSON.stringify(body) } : {}) };
      const told = await fetch(site + path, options).then(
        ({ status }) => status,
        () => null,
      );
      if (told !== null) found.push(`${method} ${path}: ${told}`);
      await fetch(site + path, { ...options, mode: "no-cors" }).catch(() => undefined);
    }
  }
  return found;
}

/** As forms send them, JSON in disguise too; those that were not refused. */
async function submitted(context, origin, facts) {
  const accepted = [];
  const page = await context.newPage();
  for (const { method, path, body } of facts.changes) {
    for (const enctype of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      await page.goto(`${origin}/`);
      const answered = page.waitForResponse((one) => one.url().startsWith(facts.site));
      await page.evaluate(send, { action: facts.site + path, enctype, body: JSON.stringify(body ?? {}), method });
      const status = (await answered).status();
      await page.waitForURL(facts.site + path);
      if (status < 400) accepted.push(`${method} ${path} (${enctype}): ${status}`);
    }
  }
  return accepted;
}

function send({ action, enctype, body, method }) {
  const form = Object.assign(document.createElement("form"), { method: "post", action, enctype });
  // A form of plain text writes NAME=VALUE: the sign hides in a field that nobody asks for.
  const name = body === "{}" ? '{"x":"' : `${body.slice(0, -1)},"x":"`;
  form.append(Object.assign(document.createElement("input"), { name, value: '"}' }));
  form.append(Object.assign(document.createElement("input"), { name: "_method", value: method }));
  document.body.append(form);
  // Afterwards: the page that is asked to do it is gone then.
  setTimeout(() => form.submit());
}

/** Cookies know no ports: another page of this host gives the browser a second one, before or behind ours. */
async function planted(page, context, watched, t, first) {
  watched.expect(401, /^\/diglot\/v1\/session/);
  for (const path of [`${SESSION}/token`, "/diglot", "/"]) {
    const other = await context.newPage();
    await other.goto(`${SAME_HOST}/`);
    await other.evaluate((text) => void (document.cookie = text), `${COOKIE}=${PLANTED}; path=${path}`);
    await other.close();
    const status = await page.evaluate(
      async (where) => (await fetch(where, { method: "POST", headers: { "X-Diglot-Session": "1" } })).status,
      `${SESSION}/token`,
    );
    check(status === 401, `beside a planted cookie at ${path} the session is answered ${status}`);
    await context.clearCookies({ name: COOKIE, path });
  }
  check((await secret(context)) === first, "the session's cookie was changed");
}
