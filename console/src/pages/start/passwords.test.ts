import { expect, it } from "vitest";

import { strengthOf } from "./passwords";

it.each([
  ["", "short"],
  ["Aa1!Aa1!x", "short"],
  ["密码密码密码密码密", "short"],
  ["aaaaaaaaaaaaaaaaaaaaaa", "weak"],
  ["bicycleoil", "weak"],
  ["Bicycle-oil1", "fair"],
  ["bicycle oil chain", "fair"],
  ["Bicycle oil 200", "strong"],
  ["correct horse battery", "strong"],
])("%s is %s", (password, strength) => {
  expect(strengthOf(password)).toBe(strength);
});
